//! 服务 A real socket: it answers, and stops when it is told to.

use crate::fake::{FakeClock, FakeStore};
use crate::world::{START_MS, config, services};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use tanliu_platform::directory::District;
use tanliu_server::{ServeError, serve};
use tokio::sync::oneshot;

fn outside() -> (Arc<FakeStore>, Arc<FakeClock>) {
    let store = Arc::new(FakeStore::default());
    store.0.lock().unwrap().district = Some(District { name: "青石区".into(), notice: None });
    (store, Arc::new(FakeClock(AtomicI64::new(START_MS))))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_answers_until_it_is_told_to_stop() {
    let (store, clock) = outside();
    let (stop, stopped) = oneshot::channel::<()>();
    let told = async move { stopped.await.unwrap_or_default() };
    let serving = serve(config(|_| {}), services(&store, &clock), told).await.unwrap();
    let address = serving.address;
    assert_ne!(address.port(), 0);
    let mut stream = TcpStream::connect(address).unwrap();
    let ask = b"GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n";
    stream.write_all(ask).unwrap();
    let mut head = [0; 15];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    // The connection is still open and idle: it does not hold up the stop.
    stop.send(()).unwrap();
    serving.stopped().await.unwrap();
    assert!(TcpStream::connect(address).is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_is_too_large_is_answered_over_a_real_socket() {
    let (store, clock) = outside();
    let config = config(|config| config.limits.file_bytes = 1000);
    let serving = serve(config, services(&store, &clock), std::future::pending()).await.unwrap();
    let mut stream = TcpStream::connect(serving.address).unwrap();
    let size = 40 << 20;
    let head = format!(
        "POST /api/v1/submissions HTTP/1.1\r\nhost: here\r\ncontent-length: {size}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = vec![b'x'; 1 << 20];
    for _ in 0..40 {
        stream.write_all(&chunk).unwrap();
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn a_short_secret_is_refused() {
    let (store, clock) = outside();
    let config = config(|config| config.secret = b"short".to_vec());
    let refused = serve(config, services(&store, &clock), std::future::pending()).await;
    assert!(matches!(refused, Err(ServeError::Secret)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_never_ends_the_head_of_a_request_is_cut_off() {
    let (store, clock) = outside();
    let config = config(|config| config.limits.head = std::time::Duration::from_millis(20));
    let serving = serve(config, services(&store, &clock), std::future::pending()).await.unwrap();
    let mut stream = TcpStream::connect(serving.address).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: he").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
}
