//! Files as rows, one after the other, with bounded memory.

use crate::model::hex;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::cells::{Cell, unguarded};
use super::dialect::{self, Numbered, Starts};
use super::fields::RowField;
use super::lines::Lines as Bounded;
use super::problem::Problem;
use super::reading::{FileFormat, RowReading};
use super::row::{self, Row};

/// Columns, those of metadata among them.
const MOST_COLUMNS: usize = 1_000;

/// A file that can be read several times; standard input is kept in a temporary one.
pub struct Spooled(File);

impl Spooled {
    /// Opens a file. One that can be read only once is kept, up to this size.
    pub fn file(path: &Path, most: u64) -> io::Result<Self> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
        }
        if file.metadata()?.is_file() {
            return Ok(Self(file));
        }
        // A pipe can be read once only.
        Self::stream(&mut BufReader::new(file), most)
    }

    /// Keeps all of a stream in a temporary file, which nobody else sees.
    pub fn stream(stream: &mut dyn BufRead, most: u64) -> io::Result<Self> {
        let mut file = tempfile::tempfile()?;
        if io::copy(&mut Bounded::new(stream.take(most)), &mut file)? == most {
            let message =
                format!("it is larger than {} MiB, the limit for input that is not a regular file", most >> 20);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        file.flush()?;
        Ok(Self(file))
    }

    /// SHA-256 of all of it, in hex.
    pub fn sha256(&self) -> io::Result<String> {
        let (mut file, mut digest) = (self.reopened()?, Sha256::new());
        loop {
            let read = file.fill_buf()?;
            if read.is_empty() {
                return Ok(hex(&digest.finalize()));
            }
            digest.update(read);
            let length = read.len();
            file.consume(length);
        }
    }

    fn reopened(&self) -> io::Result<BufReader<File>> {
        let mut file = self.0.try_clone()?;
        file.rewind()?;
        Ok(BufReader::with_capacity(64 * 1024, file))
    }
}

/// The rows of a file. After a mistake in one the next follows; after one that concerns the file there are no more.
pub struct RowReader<'a> {
    reading: &'a RowReading,
    lines: Lines,
    /// Rows so far.
    number: u64,
    /// The line that was read last.
    line: u64,
    /// What that line holds and is not handed out yet.
    pending: VecDeque<Vec<(RowField, Cell)>>,
    has_ended: bool,
}

enum Lines {
    Csv { records: csv::StringRecordsIntoIter<Box<dyn Read>>, starts: Starts, fields: Vec<Vec<RowField>> },
    Json { file: BufReader<Bounded<BufReader<File>>>, line: String },
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// What a line holds, or what is wrong with it and whether nothing can be read behind it.
type Cells = Result<Vec<(RowField, Cell)>, (String, bool)>;

impl<'a> RowReader<'a> {
    /// Reads a file from its start; fails with what is wrong with its header.
    pub fn open(file: &Spooled, format: FileFormat, reading: &'a RowReading) -> Result<Self, Vec<Problem>> {
        let file = file.reopened().map_err(|error| unreadable(&error))?;
        let lines = match format {
            FileFormat::Jsonl => Lines::Json { file: BufReader::new(Bounded::new(file)), line: String::new() },
            FileFormat::Csv => csv_lines(file, reading)?,
        };
        Ok(Self { reading, lines, number: 0, line: 0, pending: VecDeque::new(), has_ended: false })
    }

    /// The cells of the next line that has any.
    fn cells(&mut self) -> Option<Cells> {
        match &mut self.lines {
            Lines::Csv { records, starts, fields } => {
                let record = records.next()?;
                self.line = starts.next().unwrap_or(self.line + 1);
                Some(match record {
                    Ok(record) => Ok(cells_of_csv(&record, fields)),
                    Err(error) => Err((text_of(&error), matches!(error.kind(), csv::ErrorKind::Io(_)))),
                })
            }
            Lines::Json { file, line } => match next_line(file, line) {
                Ok(0) => None,
                Ok(lines) => {
                    self.line += lines;
                    let cells = cells_of_json(line.trim_start_matches(BYTE_ORDER_MARK), self.reading);
                    Some(cells.map_err(|mistake| (mistake, false)))
                }
                Err(error) => {
                    self.line += 1;
                    Some(Err((format!("it cannot be read: {error}"), true)))
                }
            },
        }
    }
}

fn unreadable(error: &io::Error) -> Vec<Problem> {
    vec![Problem::of_file(format!("it cannot be read: {error}"))]
}

fn csv_lines(file: BufReader<File>, reading: &RowReading) -> Result<Lines, Vec<Problem>> {
    let mut file = BufReader::with_capacity(64 * 1024, Bounded::new(file));
    let known = |column: &str| reading.knows(column);
    let delimiter = dialect::begin(&mut file, reading.delimiter, known).map_err(|error| unreadable(&error))?;
    let starts = Starts::default();
    let file = Box::new(Numbered::new(file, delimiter, starts.clone())) as Box<dyn Read>;
    let mut csv = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(file);
    let header = csv.headers().map_err(|error| vec![Problem::of_file(text_of(&error))])?;
    if header.is_empty() {
        return Err(vec![Problem::of_file("it is empty: CSV needs a header")]);
    }
    if let Some(problem) = too_many(header.len()) {
        return Err(vec![Problem::of_file(problem)]);
    }
    let columns: Vec<String> = header.iter().map(|column| column.trim().to_owned()).collect();
    let fields = reading.check_header(&columns)?;
    starts.next();
    Ok(Lines::Csv { records: csv.into_records(), starts, fields })
}

fn cells_of_csv(record: &csv::StringRecord, fields: &[Vec<RowField>]) -> Vec<(RowField, Cell)> {
    let cells = record.iter().zip(fields);
    let cells = cells.flat_map(|(text, fields)| {
        fields.iter().map(move |field| (field.clone(), Cell::Text(unguarded(text).to_owned())))
    });
    cells.collect()
}

fn text_of(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} cells, the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8; save it as CSV in UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

/// What is wrong with this number of columns.
fn too_many(columns: usize) -> Option<String> {
    (columns > MOST_COLUMNS).then(|| format!("it has {columns} columns; at most {MOST_COLUMNS} are read"))
}

fn cells_of_json(line: &str, reading: &RowReading) -> Result<Vec<(RowField, Cell)>, String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("it is not JSON: {error}"))?;
    let Value::Object(entries) = value else { return Err("it is not a JSON object".to_owned()) };
    if let Some(problem) = too_many(entries.len()) {
        return Err(problem);
    }
    let mut cells = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        for field in reading.fields_of(&key)? {
            cells.push((field, Cell::Json(value.clone())));
        }
    }
    Ok(cells)
}

impl Iterator for RowReader<'_> {
    type Item = Result<Row, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(cells) = self.pending.pop_front() {
                self.number += 1;
                let row = row::read((self.number, self.line), cells, self.reading);
                return Some(row.map_err(|mistake| Problem::of_line(self.line, mistake)));
            }
            if self.has_ended {
                return None;
            }
            match self.cells()? {
                Ok(cells) => self.pending.extend(self.reading.assessments(cells)),
                Err((mistake, is_fatal)) => {
                    self.number += 1;
                    self.has_ended = is_fatal;
                    return Some(Err(Problem::of_line(self.line, mistake)));
                }
            }
        }
    }
}

/// Reads the next line that is not blank, and says how many lines that were; none at the end.
fn next_line(file: &mut impl BufRead, line: &mut String) -> io::Result<u64> {
    for lines in 1.. {
        line.clear();
        if file.read_line(line)? == 0 {
            return Ok(0);
        }
        if !line.trim_start_matches(BYTE_ORDER_MARK).trim().is_empty() {
            return Ok(lines);
        }
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotations::row::tests::reading;
    use crate::annotations::{Decimal, Label, ValueKind};
    use serde_json::json;

    fn read(text: &str, format: FileFormat) -> Vec<Result<Row, String>> {
        let file = Spooled::stream(&mut text.as_bytes(), u64::MAX).unwrap();
        let reading = reading();
        match RowReader::open(&file, format, &reading) {
            Ok(rows) => rows.map(|row| row.map_err(|problem| problem.to_string())).collect(),
            Err(problems) => problems.iter().map(|problem| Err(problem.to_string())).collect(),
        }
    }

    const HEADER: &str = "trace_id,name,value,value_type,source_type,source_id,rationale\n";

    #[test]
    fn csv_is_read_with_quotes_marks_and_guards() {
        let text = format!(
            "\u{feff}{HEADER}tr-1,good,\"a, \"\"b\"\"\nc\",text,HUMAN,jane,'=SUM(A1)\r\n\ntr-2,good,true,boolean,CODE,x,\n"
        );
        let rows = read(&text, FileFormat::Csv);
        let rows: Vec<&Row> = rows.iter().map(|row| row.as_ref().unwrap()).collect();
        assert_eq!(rows[0].value, json!("a, \"b\"\nc"));
        assert_eq!(rows[0].rationale.as_deref(), Some("=SUM(A1)"));
        assert_eq!((rows[1].number, &rows[1].value, &rows[1].rationale), (2, &json!(true), &None));
        assert_eq!((rows[0].line, rows[1].line), (2, 4), "as a spreadsheet shows them");
        assert_eq!(rows.len(), 2);
    }

    #[test]
    fn a_line_of_several_labels_is_several_assessments() {
        let label = |name: &str, column: &str| Label { name: name.into(), column: column.into() };
        let reading = RowReading {
            labels: vec![label("correct", "Correct?"), label("tone", "tone"), label("score", "score")],
            value_kind: Some(ValueKind::Boolean),
            value_kinds: vec![("tone".into(), ValueKind::Text), ("score".into(), ValueKind::Number)],
            decimal: Decimal::Comma,
            source_type: Some("HUMAN"),
            source_id: Some("jane".into()),
            ..reading()
        };
        let read = |text: &str| -> Vec<Result<Row, String>> {
            let file = Spooled::stream(&mut text.as_bytes(), u64::MAX).unwrap();
            match RowReader::open(&file, FileFormat::Csv, &reading) {
                Ok(rows) => rows.map(|row| row.map_err(|problem| problem.to_string())).collect(),
                Err(problems) => problems.iter().map(|problem| Err(problem.to_string())).collect(),
            }
        };
        let rows =
            read("trace_id;Correct?;tone;score;rationale\ntr-1;TRUE;kind;0,5;\"so\nit is\"\ntr-2;;;;\ntr-3;x; ;1.5;\n");
        let said = |row: &Row| (row.number, row.line, row.name.clone(), row.value.clone());
        let good: Vec<_> = rows[..3].iter().map(|row| said(row.as_ref().unwrap())).collect();
        let expected = [("correct", json!(true)), ("tone", json!("kind")), ("score", json!(0.5))];
        let expected = (1..).zip(expected).map(|(number, (name, value))| (number, 2, name.to_owned(), value));
        assert_eq!(good, expected.collect::<Vec<_>>());
        assert!(rows[..3].iter().all(|row| row.as_ref().unwrap().rationale.as_deref() == Some("so\nit is")));
        assert!(rows[3].as_ref().unwrap_err().starts_with("line 4: value: "), "{rows:?}");
        assert!(rows[4].as_ref().unwrap_err().contains("--decimal ,"), "{rows:?}");
        assert_eq!(rows.len(), 5);
        let lacking = read("trace_id,tone,score,value\n");
        assert!(lacking.iter().any(|problem| problem.as_ref().unwrap_err().contains("no column \"Correct?\"")));
        assert!(lacking.iter().any(|problem| problem.as_ref().unwrap_err().contains("\"value\" is not used")));
    }

    #[test]
    fn a_mistake_in_one_row_does_not_hide_the_next() {
        let text = format!("{HEADER}tr-1,good,1\ntr-1,good,x,number,HUMAN,jane,\ntr-1,good,2,number,HUMAN,jane,\n");
        let rows = read(&text, FileFormat::Csv);
        assert_eq!(rows[0], Err("line 2: it has 3 cells, the header has 7".into()));
        assert_eq!(rows[1], Err("line 3: value: \"x\" is not a number".into()));
        assert_eq!(rows[2].as_ref().unwrap().number, 3);
        assert_eq!(read("", FileFormat::Csv), [Err("it is empty: CSV needs a header".into())]);
        assert!(read("a,b\n", FileFormat::Csv)[0].as_ref().unwrap_err().contains("unknown column \"a\""));
    }

    #[test]
    fn json_lines_keep_the_types_of_their_values() {
        let good = json!({"trace_id": "tr-1", "name": "n", "value": [1, "x"], "source_type": "HUMAN", "source_id": "jane",
            "metadata": {"k": "v"}, "rationale": null, "metadata.z": "w"});
        let text = format!("\n{good}\n  \n{{\"trace\": 1}}\n[1]\nnope\n{good}");
        let rows = read(&text, FileFormat::Jsonl);
        let row = rows[0].as_ref().unwrap();
        assert_eq!((&row.value, row.number, row.metadata.len()), (&json!([1, "x"]), 1, 2));
        assert!(rows[1].as_ref().unwrap_err().starts_with("line 4: unknown column \"trace\""));
        assert_eq!(rows[2], Err("line 5: it is not a JSON object".into()));
        assert!(rows[3].as_ref().unwrap_err().starts_with("line 6: it is not JSON"));
        assert_eq!(rows[4].as_ref().unwrap().number, 5);
        assert_eq!(rows.len(), 5);
    }

    #[test]
    fn a_file_can_be_read_again() {
        let text = format!("{HEADER}tr-1,good,1,number,HUMAN,jane,\n");
        let file = Spooled::stream(&mut text.as_bytes(), u64::MAX).unwrap();
        let reading = reading();
        for _ in 0..3 {
            assert_eq!(RowReader::open(&file, FileFormat::Csv, &reading).unwrap_or_else(|_| panic!()).count(), 1);
        }
    }
}
