//! 码页 The page behind a code shows what is public, and nothing else.

use crate::world::World;
use axum::http::StatusCode;
use tanliu_server::{Config, PublicFact, PublicFigure};

/// What the made-up house makes public.
fn public(config: &mut Config) {
    let of = |output| PublicFigure::of("panorama", output);
    config.code.grade = Some(of("grade_enterprise"));
    config.code.rank = Some((of("rank_in_industry").named("名次", "rank"), of("count_in_sector")));
    config.code.figures = vec![
        of("energy_per_mu").named("亩均能耗", "energy per mu").digits(3),
        of("co2_per_mu").at("side", "consumption").digits(2),
        of("co2_by_side"),
        of("not_there"),
    ];
}

async fn address(world: &World, id: &str) -> String {
    let district = world.sign_in("district").await;
    let page = district.get(&format!("/api/v1/enterprises/{id}")).await.json();
    page["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn everybody_reads_what_is_public() {
    let world = World::with(public);
    let path = address(&world, "E1").await;
    let page = world.stranger().get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    for shown in [
        "E1 织造厂",
        "数据为自拟",
        "一级（绿）",
        "<circle",
        "#1b7f4d",
        "亩均能耗",
        "0.150 tce/mu",
        "运行 1/co2_per_mu[side=consumption,enterprise=E1,year=2021]",
        "0.45 tCO2/mu",
        "数据截至 2023-12-31T23:59:59.000Z",
        "共 12 家",
    ] {
        assert!(text.contains(shown), "{shown}");
    }
    for hidden in [
        "co2_by_side",
        "王工",
        "13800000000",
        "profit_margin",
        "91330000",
        "E2",
        "<script",
        "亩</dd>",
    ] {
        assert!(!text.contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn the_image_is_a_drawing_and_leads_to_the_page() {
    let world = World::with(|config| config.public_url = Some("https://carbon.example/".into()));
    let path = address(&world, "E1").await;
    let image = world.stranger().get(&format!("{path}.svg")).await;
    assert_eq!(image.header("content-type"), "image/svg+xml");
    assert!(image.text().contains("<svg"));
}

#[tokio::test]
async fn tokens_cannot_be_guessed_and_depend_on_the_secret() {
    let world = World::new();
    let path = address(&world, "E1").await;
    assert_eq!(path.len(), "/code/".len() + 32);
    assert_ne!(path, address(&world, "E2").await);
    let other = World::with(|config| config.secret = b"another secret of a house".to_vec());
    assert_ne!(path, address(&other, "E1").await);
    for token in ["E1", "", &path.replace("/code/", "")[..31]] {
        let absent = world.stranger().get(&format!("/code/{token}")).await;
        assert!(!absent.text().contains("织造厂"), "{token}");
    }
}

#[tokio::test]
async fn the_house_decides_what_is_public() {
    let world = World::with(|config| {
        public(config);
        config.code.facts = vec![PublicFact::Town];
        config.code.figures.clear();
        config.code.rank = None;
    });
    let text = world.stranger().get(&address(&world, "E2").await).await.text();
    assert!(text.contains("五级（红）") && text.contains("西镇"));
    assert!(!text.contains("织造厂") && !text.contains("tce/mu"));
    let closed = World::with(|config| config.code.open = false);
    let path = address(&closed, "E2").await;
    assert_eq!(closed.stranger().get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn pages_of_methods_want_a_session_unless_they_are_public() {
    let world = World::new();
    let path = "/methods/cn/district/panorama";
    assert_eq!(world.stranger().get(path).await.status, StatusCode::UNAUTHORIZED);
    let page = world.sign_in("e1").await.get(path).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text().contains("<h1>全景"));
    let open = World::with(|config| config.methods_public = true);
    assert_eq!(open.stranger().get(path).await.status, StatusCode::OK);
    assert_eq!(open.stranger().get("/methods/cn/none").await.status, StatusCode::NOT_FOUND);
}
