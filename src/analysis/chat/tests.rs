//! Each shape in which libraries and providers write messages, by what it means.

#![allow(clippy::needless_pass_by_value)] // Values are written where they are passed.

use serde_json::{Value, json};

use super::*;

/// A span: its number, its parent's, its attributes as values, its events.
fn span(number: u8, parent: u8, kind: &str, attributes: Value, events: Value) -> Value {
    let id = |number: u8| format!("{number:016x}");
    let mut texts = serde_json::Map::new();
    for (key, value) in attributes.as_object().unwrap() {
        texts.insert(key.clone(), value.to_string().into());
    }
    texts.insert("mlflow.spanType".into(), json!(kind).to_string().into());
    json!({"name": format!("s{number}"), "context": {"span_id": id(number), "trace_id": "8c9da0e91080e465367d509b505b35da"},
        "parent_id": if parent == 0 { Value::Null } else { id(parent).into() },
        "start_time": i64::from(number) * 100, "end_time": i64::from(number) * 100 + 50, "status_code": "OK",
        "status_message": "", "attributes": texts, "events": if events.is_null() { json!([]) } else { events }})
}

fn told(spans: Vec<Value>) -> Conversation {
    let info = json!({"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "state": "OK"});
    conversation(&Trace::from_json(json!({"info": info, "data": {"spans": spans}})).unwrap())
}

/// The conversation of one call of a model.
fn call(inputs: Value, outputs: Value) -> Value {
    plain(&told(vec![span(
        1,
        0,
        "LLM",
        json!({"mlflow.spanInputs": inputs, "mlflow.spanOutputs": outputs}),
        Value::Null,
    )]))
}

/// What is said, without where.
fn plain(told: &Conversation) -> Value {
    let mut messages = serde_json::to_value(&told.messages).unwrap();
    for message in messages.as_array_mut().unwrap() {
        message.as_object_mut().unwrap().retain(|key, _| key != "span_id" && key != "agent");
    }
    messages
}

fn said(role: &str, text: &str) -> Value {
    json!({"role": role, "text": text})
}

fn asks(text: &str) -> Value {
    json!({"role": "assistant", "text": text, "tool_calls": [{"name": "f", "arguments": {"x": 1}}]})
}

fn answers(result: Value) -> Value {
    json!({"role": "tool", "text": "", "tool_results": [{"name": "f", "result": result}]})
}

/// The conversation that most of these tell.
fn usual() -> Value {
    json!([said("system", "S"), said("user", "U"), asks("T"), answers(json!("R")), said("assistant", "A")])
}

#[test]
fn openai_chat() {
    let messages = json!([{"role": "developer", "content": "S"}, {"role": "user", "content": [{"type": "text", "text": "U"}]},
        {"role": "assistant", "content": "T", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{\"x\": 1}"}}]},
        {"role": "tool", "tool_call_id": "c", "content": "R"}]);
    let answer = json!({"choices": [{"message": {"role": "assistant", "content": "A", "tool_calls": null}}]});
    assert_eq!(call(json!({"model": "m", "messages": messages}), answer), usual());
    let legacy = json!({"choices": [{"message": {"role": "assistant", "content": null, "function_call": {"name": "f", "arguments": "{\"x\": 1}"}}}]});
    assert_eq!(call(json!({"messages": [{"role": "user", "content": "U"}]}), legacy)[1], asks(""));
    let refused = json!({"choices": [{"message": {"role": "assistant", "content": null, "refusal": "No."}}]});
    assert_eq!(call(json!({"messages": [{"role": "user", "content": "U"}]}), refused)[1], said("assistant", "No."));
    let thinking = json!({"choices": [{"message": {"role": "assistant", "content": "A", "reasoning_content": "H"}}]});
    assert_eq!(call(json!({"messages": [{"role": "user", "content": "U"}]}), thinking)[1]["thinking"], "H");
    assert_eq!(
        call(json!({"prompt": "U"}), json!({"choices": [{"text": "A"}]})),
        json!([said("user", "U"), said("assistant", "A")])
    );
}

#[test]
fn openai_responses() {
    let input = json!([{"role": "user", "content": [{"type": "input_text", "text": "U"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "T"}]},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{\"x\": 1}"},
        {"type": "function_call_output", "call_id": "c", "output": "R"}]);
    let output = json!({"output": [{"type": "reasoning", "summary": []},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "A"}]}]});
    assert_eq!(call(json!({"instructions": "S", "input": input}), output), usual());
}

#[test]
fn anthropic() {
    let messages = json!([{"role": "user", "content": "U"},
        {"role": "assistant", "content": [{"type": "text", "text": "T"}, {"type": "tool_use", "id": "c", "name": "f", "input": {"x": 1}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c", "content": [{"type": "text", "text": "R"}]}]}]);
    let answer = json!({"type": "message", "role": "assistant", "content": [{"type": "text", "text": "A"}], "stop_reason": "end_turn"});
    assert_eq!(call(json!({"system": [{"type": "text", "text": "S"}], "messages": messages}), answer), usual());
    let image = json!({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBO"}});
    let both = json!({"messages": [{"role": "user", "content": [image, {"type": "text", "text": "U"}]}]});
    assert_eq!(call(both, Value::Null)[0], json!({"role": "user", "text": "U", "attachments": ["image/png"]}));
}

#[test]
fn gemini() {
    let contents = json!([{"role": "user", "parts": [{"text": "U"}]},
        {"role": "model", "parts": [{"text": "T"}, {"function_call": {"id": null, "name": "f", "args": {"x": 1}}}]},
        {"role": "user", "parts": [{"function_response": {"name": "f", "response": {"result": "R"}}}]}]);
    let answer = json!({"candidates": [{"content": {"role": "model", "parts": [{"text": "H", "thought": true}, {"text": "A"}]}}]});
    let told = call(json!({"contents": contents, "config": {"system_instruction": "S"}}), answer);
    assert_eq!(told[3], answers(json!({"result": "R"})));
    assert_eq!(told[4], json!({"role": "assistant", "text": "A", "thinking": "H"}));
    assert_eq!((told[0].clone(), told[2].clone()), (said("system", "S"), asks("T")));
    let adk = json!({"content": {"role": "model", "parts": [{"text": "A"}]}, "finish_reason": "STOP"});
    assert_eq!(call(json!({"contents": contents}), adk)[3], said("assistant", "A"));
}

#[test]
fn bedrock() {
    let messages = json!([{"role": "user", "content": [{"text": "U"}, {"image": {"format": "png", "source": {"bytes": "b'..'"}}}]},
        {"role": "assistant", "content": [{"text": "T"}, {"toolUse": {"toolUseId": "c", "name": "f", "input": {"x": 1}}}]},
        {"role": "user", "content": [{"toolResult": {"toolUseId": "c", "status": "success", "content": [{"text": "R"}]}}]}]);
    let answer = json!({"output": {"message": {"role": "assistant", "content": [
        {"reasoningContent": {"reasoningText": {"text": "H", "signature": "x"}}}, {"text": "A"}]}}, "stopReason": "end_turn"});
    let told = call(json!({"modelId": "m", "system": [{"text": "S"}], "messages": messages}), answer);
    assert_eq!(told[1], json!({"role": "user", "text": "U", "attachments": ["image/png"]}));
    assert_eq!(json!([told[0], told[2], told[3]]), json!([said("system", "S"), asks("T"), answers(json!("R"))]));
    assert_eq!(told[4], json!({"role": "assistant", "text": "A", "thinking": "H"}));
    let body = json!({"system": "S", "messages": [{"role": "user", "content": "U"}]}).to_string();
    let answer = json!({"contentType": "application/json", "body": {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "A"}]}});
    assert_eq!(
        call(json!({"body": body, "modelId": "m"}), answer),
        json!([said("system", "S"), said("user", "U"), said("assistant", "A")])
    );
    let titan = call(json!({"body": "{\"inputText\": \"U\"}"}), json!({"body": {"results": [{"outputText": "A"}]}}));
    assert_eq!(titan, json!([said("user", "U"), said("assistant", "A")]));
}

#[test]
fn streams_of_bedrock_are_put_together_from_their_events() {
    let event =
        |name: &str, piece: Value| json!({"name": name, "timestamp": 1, "attributes": {"json": piece.to_string()}});
    let tool = |place: u8, name: &str| {
        event(
            "contentBlockStart",
            json!({"start": {"toolUse": {"toolUseId": name, "name": name}}, "contentBlockIndex": place}),
        )
    };
    let input = |place: u8, text: &str| {
        event("contentBlockDelta", json!({"delta": {"toolUse": {"input": text}}, "contentBlockIndex": place}))
    };
    let events = json!([
        event("messageStart", json!({"role": "assistant"})),
        event("contentBlockDelta", json!({"delta": {"reasoningContent": {"text": "H"}}, "contentBlockIndex": 0})),
        tool(1, "f"),
        input(1, "{\"x\""),
        input(1, ": 1}"),
        tool(2, "g"),
        input(2, "{}")
    ]);
    let outputs = json!({"output": {"message": {"role": "assistant", "content": [{"text": ""}, {"toolUse": {"toolUseId": "g", "name": "g", "input": "{}"}}]}}});
    let inputs = json!({"messages": [{"role": "user", "content": [{"text": "U"}]}]});
    let told =
        told(vec![span(1, 0, "LLM", json!({"mlflow.spanInputs": inputs, "mlflow.spanOutputs": outputs}), events)]);
    assert_eq!(
        plain(&told)[1],
        json!({"role": "assistant", "text": "", "thinking": "H", "tool_calls":
        [{"name": "f", "arguments": {"x": 1}}, {"name": "g", "arguments": {}}]})
    );
    let events = json!([
        event("message_start", json!({"type": "message_start"})),
        event(
            "content_block_start",
            json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
        ),
        event(
            "content_block_delta",
            json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "A"}})
        )
    ]);
    let inputs = json!({"body": "{\"messages\": [{\"role\": \"user\", \"content\": \"U\"}]}"});
    let told = self::told(vec![span(
        1,
        0,
        "LLM",
        json!({"mlflow.spanInputs": inputs, "mlflow.spanOutputs": {"body": "EventStream"}}),
        events,
    )]);
    assert_eq!(plain(&told), json!([said("user", "U"), said("assistant", "A")]));
}

#[test]
fn langchain() {
    let messages = json!([{"type": "system", "content": "S"}, {"type": "human", "content": "U"},
        {"type": "ai", "content": "T", "tool_calls": [{"name": "f", "args": {"x": 1}, "id": "c", "type": "tool_call"}]},
        {"type": "tool", "content": "R", "tool_call_id": "c", "id": "other"}]);
    let answer = json!({"generations": [[{"text": "A", "message": {"type": "ai", "content": "A"}}]]});
    assert_eq!(call(json!([messages]), answer), usual());
    let dumped = json!({"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", "HumanMessage"], "kwargs": {"content": "U"}});
    assert_eq!(
        call(json!({"messages": [dumped]}), json!({"type": "AIMessageChunk", "content": "A"})),
        json!([said("user", "U"), said("assistant", "A")])
    );
    assert_eq!(
        call(json!({"messages": [["system", "S"], ["human", "U"]]}), json!("A")),
        json!([said("system", "S"), said("user", "U"), said("assistant", "A")])
    );
}

#[test]
fn pydantic_ai() {
    let messages = json!([{"kind": "request", "instructions": null, "parts": [{"part_kind": "system-prompt", "content": "S"}, {"part_kind": "user-prompt", "content": ["U"]}]},
        {"kind": "response", "parts": [{"part_kind": "text", "content": "T"}, {"part_kind": "tool-call", "tool_name": "f", "args": "{\"x\": 1}", "tool_call_id": "c"}]},
        {"kind": "request", "parts": [{"part_kind": "tool-return", "tool_name": "f", "content": "R", "tool_call_id": "c"}]}]);
    let answer = json!({"kind": "response", "model_name": "m", "parts": [{"part_kind": "text", "content": "A"}]});
    assert_eq!(call(json!({"messages": messages}), answer.clone()), usual());
    assert_eq!(
        call(json!({"messages": messages}), json!([answer, {"requests": 1}])),
        usual(),
        "with the usage beside it"
    );
}

#[test]
fn mistral_groq_haystack_and_ollama() {
    let inputs = json!({"messages": [{"role": "user", "content": "U"}]});
    let mistral = json!({"choices": [{"message": {"role": "assistant", "tool_calls": [], "content": [
        {"type": "thinking", "thinking": [{"type": "text", "text": "H"}]}, {"type": "text", "text": "A"}]}}]});
    assert_eq!(call(inputs.clone(), mistral)[1], json!({"role": "assistant", "text": "A", "thinking": "H"}));
    let groq = json!({"choices": [{"message": {"role": "assistant", "content": "A", "reasoning": "H"}}]});
    assert_eq!(call(inputs.clone(), groq)[1]["thinking"], "H");
    assert_eq!(
        call(inputs.clone(), json!({"message": {"role": "assistant", "content": "A"}, "done": true}))[1],
        said("assistant", "A")
    );
    let haystack = json!({"messages": [{"role": "system", "content": [{"text": "S"}]}, {"role": "user", "content": [{"text": "U"}]},
        {"role": "assistant", "content": [{"text": "T"}, {"tool_call": {"tool_name": "f", "arguments": {"x": 1}, "id": "c"}}]},
        {"role": "tool", "content": [{"tool_call_result": {"result": "R", "origin": {"tool_name": "f", "id": "c"}, "error": false}}]}]});
    assert_eq!(call(haystack, json!({"replies": [{"role": "assistant", "content": [{"text": "A"}]}]})), usual());
}

#[test]
fn vercel() {
    let prompt = json!([{"role": "system", "content": "S"}, {"role": "user", "content": [{"type": "text", "text": "U"}]},
        {"role": "assistant", "content": [{"type": "text", "text": "T"}, {"type": "tool-call", "toolCallId": "c", "toolName": "f", "input": {"x": 1}}]},
        {"role": "tool", "content": [{"type": "tool-result", "toolCallId": "c", "toolName": "f", "output": {"type": "text", "value": "R"}}]}]);
    let raw =
        json!({"ai.operationId": "ai.generateText.doGenerate", "ai.prompt.messages": prompt, "ai.response.text": "A"});
    assert_eq!(plain(&told(vec![span(1, 0, "UNKNOWN", raw, Value::Null)])), usual());
    let calls =
        json!([{"toolCallType": "function", "toolCallId": "c", "toolName": "f", "args": "{\"x\": 1}"}]).to_string();
    let outputs = json!({"text": "T", "toolCalls": calls, "finishReason": "tool-calls"});
    assert_eq!(call(json!({"messages": [{"role": "user", "content": "U"}]}), outputs)[1], asks("T"));
}

#[test]
fn attributes_of_open_telemetry_and_open_inference() {
    let parts = json!({"gen_ai.operation.name": "chat", "gen_ai.system_instructions": [{"type": "text", "content": "S"}],
        "gen_ai.input.messages": [{"role": "user", "parts": [{"type": "text", "content": "U"}]},
            {"role": "assistant", "parts": [{"type": "text", "content": "T"}, {"type": "tool_call", "id": "c", "name": "f", "arguments": {"x": 1}}]},
            {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c", "response": "R"}]}],
        "gen_ai.output.messages": [{"role": "assistant", "parts": [{"type": "text", "content": "A"}], "finish_reason": "stop"}]});
    assert_eq!(plain(&told(vec![span(1, 0, "UNKNOWN", parts, Value::Null)])), usual());
    let flat = json!({"openinference.span.kind": "LLM", "mlflow.spanInputs": "U", "mlflow.spanOutputs": "A",
        "llm.input_messages.0.message.role": "system", "llm.input_messages.0.message.content": "S",
        "llm.input_messages.1.message.role": "user", "llm.input_messages.1.message.contents.0.message_content.type": "text",
        "llm.input_messages.1.message.contents.0.message_content.text": "U",
        "llm.input_messages.2.message.role": "assistant", "llm.input_messages.2.message.content": "T",
        "llm.input_messages.2.message.tool_calls.0.tool_call.id": "c",
        "llm.input_messages.2.message.tool_calls.0.tool_call.function.name": "f",
        "llm.input_messages.2.message.tool_calls.0.tool_call.function.arguments": "{\"x\": 1}",
        "llm.input_messages.3.message.role": "tool", "llm.input_messages.3.message.tool_call_id": "c", "llm.input_messages.3.message.content": "R",
        "llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.content": "A"});
    assert_eq!(plain(&told(vec![span(1, 0, "LLM", flat, Value::Null)])), usual());
    let traceloop = json!({"llm.request.type": "chat", "gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "U",
        "gen_ai.completion.0.role": "assistant", "gen_ai.completion.0.content": "T", "gen_ai.completion.0.finish_reason": "tool_calls",
        "gen_ai.completion.0.tool_calls.0.id": "c", "gen_ai.completion.0.tool_calls.0.name": "f", "gen_ai.completion.0.tool_calls.0.arguments": "{\"x\": 1}"});
    assert_eq!(
        plain(&told(vec![span(1, 0, "UNKNOWN", traceloop, Value::Null)])),
        json!([said("user", "U"), asks("T")])
    );
}

#[test]
fn events_of_open_telemetry() {
    let event = |name: &str, attributes: Value| json!({"name": name, "timestamp": 1, "attributes": attributes});
    let calls = json!([{"toolUse": {"toolUseId": "c", "name": "f", "input": {"x": 1}}}]).to_string();
    let events = json!([
        event("gen_ai.system.message", json!({"content": "[{\"text\": \"S\"}]"})),
        event("gen_ai.user.message", json!({"content": "U"})),
        event("gen_ai.assistant.message", json!({"content": calls})),
        event(
            "gen_ai.tool.message",
            json!({"content": "[{\"toolResult\": {\"toolUseId\": \"c\", \"content\": [{\"text\": \"R\"}]}}]"})
        ),
        event("gen_ai.choice", json!({"message": "[{\"text\": \"A\"}]", "finish_reason": "end_turn"}))
    ]);
    let told = told(vec![span(1, 0, "CHAT_MODEL", json!({}), events)]);
    assert_eq!(
        plain(&told),
        json!([said("system", "S"), said("user", "U"), asks(""), answers(json!("R")), said("assistant", "A")])
    );
}

#[test]
fn history_that_calls_repeat_is_told_once() {
    let first = json!({"mlflow.spanInputs": {"messages": [{"role": "user", "content": "U"}]}, "mlflow.spanOutputs": {"choices": [{"message": {"content": "A"}}]}});
    let second = json!({"mlflow.spanInputs": {"messages": [{"role": "user", "content": "U"}, {"role": "assistant", "content": "A"}, {"role": "user", "content": "V"}]},
        "mlflow.spanOutputs": {"choices": [{"message": {"content": "B"}}]}});
    let told = told(vec![
        span(1, 0, "AGENT", json!({}), Value::Null),
        span(2, 1, "LLM", first.clone(), Value::Null),
        span(3, 1, "LLM", second, Value::Null),
        span(4, 1, "LLM", first, Value::Null),
    ]);
    assert_eq!(
        plain(&told),
        json!([said("user", "U"), said("assistant", "A"), said("user", "V"), said("assistant", "B")])
    );
    assert_eq!(told.messages[3].agent.as_deref(), Some("s1"));
    assert!(told.threads.is_empty() && !told.truncated);
}

#[test]
fn what_was_not_recorded_is_said_and_what_is_not_understood_is_shown() {
    let inputs = json!({"messages": [{"role": "user", "content": "U"}]});
    let stream = told(vec![span(
        1,
        0,
        "LLM",
        json!({"mlflow.spanInputs": inputs, "mlflow.spanOutputs": "<groq.Stream object at 0x7f>"}),
        Value::Null,
    )]);
    assert_eq!((plain(&stream), stream.truncated), (json!([said("user", "U")]), true));
    assert_eq!(stream.notes[0].text, "the answer was not recorded");
    assert_eq!(
        call(json!({"odd": {"a": 1}}), json!({"b": [2]})),
        json!([said("user", "{\"odd\":{\"a\":1}}"), said("assistant", "{\"b\":[2]}")])
    );
    let part = call(json!({"messages": [{"role": "user", "content": [{"novel": {"a": 1}}]}]}), json!("A"));
    assert_eq!(part[0], said("user", "{\"novel\":{\"a\":1}}"));
    assert_eq!(call(json!({"messages": [{"role": "critic", "content": "C"}]}), json!("A"))[0], said("critic", "C"));
}

#[test]
fn agents_without_recorded_calls_tell_what_they_were_asked_and_did() {
    let tool = json!({"mlflow.spanInputs": {"x": 1}, "mlflow.spanOutputs": "R", "gen_ai.tool.name": "f"});
    let told = told(vec![
        span(1, 0, "AGENT", json!({"mlflow.spanInputs": {"task": "U"}, "mlflow.spanOutputs": 42}), Value::Null),
        span(2, 1, "TOOL", tool, Value::Null),
    ]);
    assert_eq!(plain(&told), json!([said("user", "U"), asks(""), answers(json!("R")), said("assistant", "42")]));
}

#[test]
fn answers_without_what_was_sent_stand_between_the_question_and_the_tools() {
    let root = json!({"mlflow.spanInputs": {"messages": [{"role": "user", "content": "U"}]},
        "mlflow.spanOutputs": {"messages": [{"role": "assistant", "content": "A"}]}});
    let plan = json!({"mlflow.spanInputs": {"temperature": 0}, "mlflow.spanOutputs": {"tool_calls": [{"name": "f", "arguments": {"x": 1}}]}});
    let tool = json!({"mlflow.spanInputs": {"x": 1}, "mlflow.spanOutputs": "R", "gen_ai.tool.name": "f"});
    let answer = json!({"mlflow.spanInputs": {"temperature": 0}, "mlflow.spanOutputs": {"content": "A", "finish_reason": "stop"}});
    let kinds = [("AGENT", root), ("CHAT_MODEL", plan), ("TOOL", tool), ("CHAT_MODEL", answer)];
    let spans = kinds
        .into_iter()
        .zip(1..)
        .map(|((kind, attributes), number)| span(number, u8::from(number > 1), kind, attributes, Value::Null));
    let told = told(spans.collect());
    assert_eq!(plain(&told), json!([said("user", "U"), asks(""), answers(json!("R")), said("assistant", "A")]));
    assert!(told.threads.is_empty());
}

#[test]
fn circles_of_spans_and_odd_values_end() {
    let odd = |number, parent| {
        span(
            number,
            parent,
            "LLM",
            json!({"mlflow.spanInputs": [[[]]], "mlflow.spanOutputs": [{}, 1, null]}),
            Value::Null,
        )
    };
    let told = told(vec![odd(1, 2), odd(2, 1), odd(3, 3)]);
    assert!(told.messages.len() + told.threads.len() < 10);
}
