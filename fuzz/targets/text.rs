//! Any bytes as a filter: as they are if they are UTF-8, and with what is not replaced.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: holds::seed(holds::recorded().into_iter().map(String::into_bytes)),
    |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        holds::of_text(&text);
        holds::without_spans(&text);
    }
);
