use super::session::Codes;
use super::*;
use expect_test::{Expect, expect};

fn config(text: &str) -> Config {
    let found = Diagnostics::new();
    let config = Config::parse(text, &found);
    let said = found.into_vec();
    assert!(said.is_empty(), "{said:?}");
    config
}

fn mistakes(text: &str, expected: Expect) {
    let found = Diagnostics::new();
    Config::parse(text, &found);
    let said = found.into_vec().into_iter().map(|one| {
        let place = one
            .place
            .map_or(0..0, |place| place.start as usize..place.end as usize);
        format!(
            "{:?}: {} ({})\n",
            &text[place],
            one.message,
            one.help.unwrap_or_default()
        )
    });
    expected.assert_eq(&said.collect::<String>());
}

#[test]
fn everything_is_optional() {
    assert_eq!(config(""), Config::default());
}

#[test]
fn a_whole_file() {
    let config = config(
        r#"
document = "openapi.yaml"
docs = false
[types]
date-time = "string"
[groups]
pay = ["/payments", "Billing"]
[none]
get_user = [404]
"GET /x" = 410
[session]
refresh = "POST /token"
with.grant_type = "refresh_token"
expires_unit = "ms"
codes = { expired = "none" }
[envelope]
code = "code"
ok = [0, 200]
"#,
    );
    assert_eq!(
        config.document.map(|said| said.value).as_deref(),
        Some("openapi.yaml")
    );
    assert!(!config.docs);
    assert_eq!(config.types.date_time, Library::Text);
    assert_eq!(config.groups[0].1[1].value, "Billing");
    assert_eq!(config.none[1].1, [410]);
    assert_eq!(config.session.with[0].1.value, "refresh_token");
    assert_eq!(
        config.session.codes,
        Codes {
            refresh: None,
            expired: Some(None)
        }
    );
    assert_eq!(
        config.envelope.and_then(|envelope| envelope.ok),
        Some(vec![0, 200])
    );
}

#[test]
fn mistakes_name_place_and_cure() {
    mistakes(
        "nmae = 'x'\ndocs = 1\n[sesion]\n[types]\ndate-time = 'chrono'\n[none]\na = [99, 'x']\n",
        expect![[r#"
            "1": found a whole number, expected `true` or `false` ()
            "'chrono'": found `"chrono"`, expected `"jiff"` or `"string"` ()
            "99": found 99, expected a status such as 404 ()
            "'x'": found text, expected a whole number ()
            "nmae": unknown key `nmae` in gen-client.toml (did you mean `name`?)
            "sesion": unknown key `sesion` in gen-client.toml (did you mean `session`?)
        "#]],
    );
    mistakes(
        "a = [\n",
        expect![[r#"
        "": unclosed array, expected `]` ()
    "#]],
    );
}
