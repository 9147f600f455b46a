//! A proxy before a real server that loses, refuses and holds requests at random, and remembers what it passed on.
//!
//! The same seed draws the same faults in the same order. Whatever it passes on it passes on whole, and waits for the
//! server's answer even if the client is gone: what it remembers is the truth about what reached the server.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::Value;

use super::http::{Answer, Listener, Reply, Request};

/// Longer than any request of the tests takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// A request of the proxy's own, which no server sees.
const KNOCK: &str = "/is-anybody-behind-me";

/// How a request goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The connection closes before the request reaches the server.
    LostRequest,
    /// The server does what is asked; the connection closes before its answer.
    LostAnswer,
    /// 500 instead of the server.
    Broken,
    /// 503 instead of the server.
    Unavailable,
    /// 429 instead of the server, to be tried again at once.
    TooMany,
    /// The server does what is asked; the answer is 504.
    GatewayTimeout,
    /// The request never reaches the server, and no answer comes.
    HeldRequest,
    /// The server does what is asked, and no answer comes.
    HeldAnswer,
}

impl Fault {
    /// Every kind of fault.
    pub const ALL: [Self; 8] = [
        Self::LostRequest,
        Self::LostAnswer,
        Self::Broken,
        Self::Unavailable,
        Self::TooMany,
        Self::GatewayTimeout,
        Self::HeldRequest,
        Self::HeldAnswer,
    ];

    /// Those that cost the client a whole time-out come less often.
    fn draw(rng: &mut Rng) -> Self {
        match rng.u32(..20) {
            0..4 => Self::LostRequest,
            4..8 => Self::LostAnswer,
            8..10 => Self::Broken,
            10..12 => Self::Unavailable,
            12..14 => Self::TooMany,
            14..18 => Self::GatewayTimeout,
            18 => Self::HeldRequest,
            _ => Self::HeldAnswer,
        }
    }

    fn is_passed_on(self) -> bool {
        matches!(self, Self::LostAnswer | Self::GatewayTimeout | Self::HeldAnswer)
    }

    fn reply(self) -> Reply {
        let page = |status, text| Answer::new(status, "text/html", format!("<html><title>{text}</title></html>"));
        match self {
            Self::LostRequest | Self::LostAnswer => Reply::Close,
            Self::Broken => Reply::Answer(page(500, "Internal Server Error")),
            Self::Unavailable => Reply::Answer(page(503, "Service Unavailable")),
            Self::TooMany => Reply::Answer(page(429, "Too Many Requests").header("Retry-After", "0")),
            Self::GatewayTimeout => Reply::Answer(page(504, "Gateway Time-out")),
            Self::HeldRequest | Self::HeldAnswer => Reply::Stall,
        }
    }
}

/// A request that changes something and was passed on to the server.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which request it was, counted from 1.
    pub number: usize,
    /// `POST`, `PATCH`, `DELETE`.
    pub method: String,
    /// Its path.
    pub path: String,
    /// What it carried.
    pub body: Value,
    /// The server's answer; 0 if none came.
    pub status: u16,
}

impl Change {
    /// The id of the trace in its path.
    pub fn trace_id(&self) -> &str {
        let after = self.path.split_once("/traces/").map_or("", |(_, after)| after);
        after.split('/').next().unwrap_or_default()
    }

    /// Whether the server said yes.
    pub fn is_done(&self) -> bool {
        self.status == 200
    }
}

fn is_change(request: &Request) -> bool {
    let creates = |path: &str| path.ends_with("/delete-traces") || path.ends_with("/assessments");
    match request.method.as_str() {
        "GET" => false,
        "POST" => creates(&request.path),
        _ => true,
    }
}

type Hook = Box<dyn FnOnce() + Send>;

/// What becomes of a request in a world that is not as it should be: an answer instead of the server's, or the server's in
/// another shape. It asks the server itself, or does not.
pub type Bend = dyn Fn(&Request, &dyn Fn(&Request) -> Option<Answer>) -> Option<Answer> + Send + Sync;

#[derive(Default)]
struct Log {
    changes: Vec<Change>,
    /// Numbers of the searches whose answers came through.
    searches: Vec<usize>,
    /// The request just before which somebody else did something.
    meddled: Option<usize>,
    faults: BTreeMap<Fault, usize>,
}

struct Shared {
    server: SocketAddr,
    /// What is drawn, and from how many requests one goes wrong; 0 for none.
    chance: Mutex<(Rng, u32)>,
    log: Mutex<Log>,
    requests: AtomicUsize,
    /// How many changes were passed on, answered or not.
    sent: AtomicUsize,
    /// How long the way to the server is.
    delay: Mutex<Duration>,
    /// What somebody else does when so many requests have come.
    meanwhile: Mutex<Option<(usize, Hook)>>,
    /// What becomes of requests from this one on.
    bend: Mutex<Option<(usize, Arc<Bend>)>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn handle(&self, request: &Request) -> Reply {
        if request.path == KNOCK {
            return Reply::Answer(Answer::new(204, "text/plain", ""));
        }
        let number = self.requests.fetch_add(1, Ordering::SeqCst) + 1;
        let due = lock(&self.meanwhile).take_if(|(at, _)| *at <= number);
        if let Some((_, hook)) = due {
            lock(&self.log).meddled = Some(number);
            hook();
        }
        let fault = self.draw();
        let answer = if fault.is_none_or(Fault::is_passed_on) { self.answered(number, request) } else { None };
        if fault.is_none() && answer.is_some() && request.path.ends_with("/traces/search") {
            lock(&self.log).searches.push(number);
        }
        match (fault, answer) {
            (Some(fault), _) => fault.reply(),
            (None, Some(answer)) => Reply::Answer(answer),
            (None, None) => Reply::Close,
        }
    }

    fn answered(&self, number: usize, request: &Request) -> Option<Answer> {
        let bend = lock(&self.bend).as_ref().filter(|(from, _)| *from <= number).map(|(_, bend)| Arc::clone(bend));
        let ask = |request: &Request| self.pass_on(number, request).ok();
        bend.map_or_else(|| ask(request), |bend| bend(request, &ask))
    }

    fn draw(&self) -> Option<Fault> {
        let mut chance = lock(&self.chance);
        let (rng, one_in) = &mut *chance;
        if *one_in == 0 || rng.u32(..*one_in) > 0 {
            return None;
        }
        let fault = Fault::draw(rng);
        *lock(&self.log).faults.entry(fault).or_default() += 1;
        Some(fault)
    }

    fn pass_on(&self, number: usize, request: &Request) -> io::Result<Answer> {
        if is_change(request) {
            self.sent.fetch_add(1, Ordering::SeqCst);
        }
        let delay = *lock(&self.delay);
        thread::sleep(delay);
        let answer = ask(self.server, request);
        if is_change(request) {
            let status = answer.as_ref().map_or(0, |answer| answer.status);
            let (method, path) = (request.method.clone(), request.path.clone());
            lock(&self.log).changes.push(Change { number, method, path, body: request.json(), status });
        }
        answer
    }
}

/// A proxy on a port of its own.
pub struct FaultProxy {
    listener: Listener,
    shared: Arc<Shared>,
}

impl FaultProxy {
    /// A proxy before the server at this address that lets everything through until it is told otherwise.
    pub fn new(server: SocketAddr) -> Self {
        let shared = Arc::new(Shared {
            server,
            chance: Mutex::new((Rng::with_seed(0), 0)),
            log: Mutex::default(),
            requests: AtomicUsize::new(0),
            sent: AtomicUsize::new(0),
            delay: Mutex::new(Duration::ZERO),
            meanwhile: Mutex::new(None),
            bend: Mutex::new(None),
        });
        let handler = Arc::clone(&shared);
        Self { listener: Listener::start(move |request| handler.handle(&request)), shared }
    }

    /// The tracking URI that leads through it.
    pub fn uri(&self) -> String {
        format!("http://{}", self.listener.address())
    }

    /// From now on one request in so many goes wrong.
    pub fn disturb(&self, seed: u64, one_in: u32) {
        *lock(&self.shared.chance) = (Rng::with_seed(seed), one_in);
    }

    /// From now on everything gets through, and nothing happens meanwhile.
    pub fn calm(&self) {
        lock(&self.shared.chance).1 = 0;
        *lock(&self.shared.meanwhile) = None;
        *lock(&self.shared.bend) = None;
    }

    /// From the n-th request from now on the world is like this.
    pub fn bend(&self, n: usize, bend: Arc<Bend>) {
        *lock(&self.shared.bend) = Some((self.requests() + n, bend));
    }

    /// From now on requests take so much longer to the server.
    pub fn delay(&self, delay: Duration) {
        *lock(&self.shared.delay) = delay;
    }

    /// Whether everything gets through.
    pub fn is_calm(&self) -> bool {
        lock(&self.shared.chance).1 == 0
    }

    /// Does this just before the n-th request from now, which waits for it.
    pub fn meanwhile(&self, n: usize, hook: impl FnOnce() + Send + 'static) {
        let at = self.requests() + n;
        *lock(&self.shared.meanwhile) = Some((at, Box::new(hook)));
    }

    /// How many requests came.
    pub fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// How many changes were passed on, whether they were answered or not.
    pub fn sent(&self) -> usize {
        self.shared.sent.load(Ordering::SeqCst)
    }

    /// Waits until everything that clients sent before they ended was dealt with.
    pub fn settle(&self) {
        // What came before this connection is accepted before it.
        knock(self.listener.address()).expect("the proxy answers");
        let start = Instant::now();
        while self.listener.open_connections() > 0 {
            assert!(start.elapsed() < PATIENCE, "the server is still at work for a client that ended");
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// What reached the server and may have changed it, in the order of the answers. Call [`FaultProxy::settle`] before.
    pub fn changes(&self) -> Vec<Change> {
        lock(&self.shared.log).changes.clone()
    }

    /// Whether somebody else had done his part, and the client had searched since, when it sent this.
    pub fn knew_better(&self, change: &Change) -> bool {
        let log = lock(&self.shared.log);
        log.meddled.is_some_and(|at| log.searches.iter().any(|search| (at..change.number).contains(search)))
    }

    /// How many faults of each kind there were.
    pub fn faults(&self) -> BTreeMap<Fault, usize> {
        lock(&self.shared.log).faults.clone()
    }
}

fn knock(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(format!("GET {KNOCK} HTTP/1.1\r\nConnection: close\r\n\r\n").as_bytes())?;
    stream.read_to_end(&mut Vec::new()).map(|_| ())
}

/// Headers that are about one connection, or that would make the answer anything but text.
const OWN_HEADERS: [&str; 4] = ["host", "connection", "content-length", "accept-encoding"];

/// Sends a request on a connection of its own and reads the whole answer.
fn ask(server: SocketAddr, request: &Request) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&server, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut head = format!("{} {} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n", request.method, request.target);
    head.push_str(&format!("Content-Length: {}\r\n", request.bytes.len()));
    for (name, value) in request.headers.iter().filter(|(name, _)| !OWN_HEADERS.contains(&name.as_str())) {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(&[head.as_bytes(), &request.bytes].concat())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    answer(&bytes).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no whole answer of HTTP"))
}

/// An answer that ends with its connection.
fn answer(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let (mut headers, mut length, mut is_chunked) = (Vec::new(), None, false);
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let (name, value) = (name.to_ascii_lowercase(), value.trim());
        match name.as_str() {
            "content-length" => length = Some(value.parse::<usize>().ok()?),
            "transfer-encoding" => is_chunked = true,
            "connection" => {}
            _ => headers.push((name, value.to_owned())),
        }
    }
    let body = &bytes[end + 4..];
    let body = if is_chunked { joined(body)? } else { body.to_vec() };
    if length.is_some_and(|length| length != body.len()) {
        return None;
    }
    Some(Answer { status, headers, body: String::from_utf8(body).ok()? })
}

/// The pieces of a chunked body.
fn joined(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let length = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim();
        let length = usize::from_str_radix(length, 16).ok()?;
        let start = end + 2;
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(start..start + length)?);
        rest = rest.get(start + length + 2..)?;
    }
}

#[test]
fn answers_are_read_whole_or_not_at_all() {
    let read = |text: &str| answer(text.as_bytes()).map(|answer| (answer.status, answer.body));
    let head = "HTTP/1.1 200 OK\r\nDate: x\r\n";
    assert_eq!(read(&format!("{head}Content-Length: 2\r\n\r\nab")), Some((200, "ab".to_owned())));
    assert_eq!(read(&format!("{head}Content-Length: 3\r\n\r\nab")), None);
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n");
    assert_eq!(read(&chunked), Some((200, "abc".to_owned())));
    assert_eq!(read(&chunked[..chunked.len() - 8]), None);
}
