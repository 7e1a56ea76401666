//! Codes that confirm new numbers and addresses, and gateways that do not take them.

use super::*;

/// What is said of a code that a file holds.
const FROM_FILE: &str = "A code of six digits will be sent to";

#[test]
fn a_new_number_is_accepted_when_its_code_came_back_and_five_wrong_ones_end_it() {
    let mut sent = sent();
    let token = sent.token.clone();
    let file = sent.directory.path().join("codes.csv");
    let outreach = format!("{OUTREACH}[gateway.texts]\nfile = {{ path = {:?} }}\n", file.display().to_string());
    let code = || {
        let text = std::fs::read_to_string(&file).expect("a code left");
        let line = text.lines().last().expect("a message").to_owned();
        let at = line.find("your code is ").expect("its text") + "your code is ".len();
        line[at..at + 6].to_owned()
    };
    served(&mut sent, &outreach, |address| {
        let update = [("do", "update"), ("mobile", "052-3456789")];
        let page = say(address, &token, &update);
        assert!(page.body.contains(FROM_FILE) && !page.body.contains("3456789"), "{}", page.body);
        assert!(!page.body.contains("We sent"), "nobody knows when it leaves: {}", page.body);
        let first = code();
        let enter = |code: &str| say(address, &token, &[("do", "code"), ("value", "1"), ("code", code)]);
        let wrong = if first == "000000" { "000001" } else { "000000" };
        assert!(enter(wrong).body.contains("Tries left: 4."));
        let again = say(address, &token, &[("do", "again"), ("value", "1")]);
        assert!(again.body.contains("Please wait a minute."), "{}", again.body);
        let page = enter(&format!(" {} {} ", &first[..3], &first[3..]));
        assert!(page.body.contains("confirmed"), "{}", page.body);
        assert!(enter(&first).body.contains("confirmed"), "who taps twice is told the same");
        // Another number, and nobody who has the code.
        say(address, &token, &[("do", "update"), ("mobile", "052-3456788")]);
        let enter = |code: &str| say(address, &token, &[("do", "code"), ("value", "2"), ("code", code)]);
        let wrong = if code() == "000000" { "000001" } else { "000000" };
        let tries: Vec<_> = (0..5).map(|_| enter(wrong)).collect();
        assert!(tries[4].body.contains("no longer valid"), "{}", tries[4].body);
        assert!(enter(&code()).body.contains("no longer valid"));
    });
    let given = values(&sent.store);
    assert_eq!(given.iter().map(|one| one.state).collect::<Vec<_>>(), [GivenState::Withdrawn, GivenState::Pending]);
    assert!(given[0].verified_at.is_some() && given[1].verified_at.is_none());
}

#[test]
fn a_code_goes_to_nobody_who_refused_and_to_no_line_that_costs() {
    let mut sent = sent();
    let token = sent.token.clone();
    let file = sent.directory.path().join("codes.csv");
    let outreach = format!("{OUTREACH}[gateway.texts]\nfile = {{ path = {:?} }}\n", file.display().to_string());
    let closed = Suppressed::Contact(ContactKind::Phone, "+972523456789".to_owned());
    let entry = Suppression::new(closed, SuppressionReason::OptOut, "test", "2026-11-26T10:00:00Z".to_owned());
    sent.store.suppress(&[ToSuppress { entry, contacts: Vec::new() }]).expect("written");
    served(&mut sent, &outreach, |address| {
        for number in ["052-3456789", "03-5234567", "+44 7911 123456"] {
            let page = say(address, &token, &[("do", "update"), ("mobile", number)]);
            assert!(page.body.contains("will be checked by us"), "{number}: {}", page.body);
        }
    });
    assert!(!file.exists() || !std::fs::read_to_string(&file).expect("reads").contains("your code"), "nothing left");
}

#[test]
fn number_and_address_each_get_their_code_and_the_last_page_names_everything() {
    let mut sent = sent();
    let token = sent.token.clone();
    let file = sent.directory.path().join("codes.csv");
    let outreach = format!(
        "{OUTREACH}[gateway.texts]\nchannels = [\"sms\", \"email\"]\nfile = {{ path = {:?} }}\n",
        file.display().to_string()
    );
    let code = || {
        let text = std::fs::read_to_string(&file).expect("a code left");
        let at = text.rfind("your code is ").expect("its text") + "your code is ".len();
        text[at..at + 6].to_owned()
    };
    served(&mut sent, &outreach, |address| {
        let form = [("do", "update"), ("mobile", "052-3456789"), ("email", "dana.new@example.org"), ("city", "חיפה")];
        assert!(say(address, &token, &form).body.contains(FROM_FILE));
        let enter = |value: &str, code: &str| say(address, &token, &[("do", "code"), ("value", value), ("code", code)]);
        assert!(enter("1", "").body.contains("Tries left: 5."), "an empty code is no try");
        let first = code();
        let page = enter("1", &first);
        assert!(page.body.contains(FROM_FILE) && page.body.contains("@"), "{}", page.body);
        assert!(enter("1", &first).body.contains(FROM_FILE), "a double tap is the same answer");
        let page = enter("2", &code());
        assert_eq!(page.body.matches("confirmed").count(), 2, "{}", page.body);
        assert!(page.body.contains("חיפה") && page.body.contains("will be checked by us"), "{}", page.body);
        let page = look(address, &format!("/c/{token}?lang=en"));
        assert!(page.body.contains("•89") && !page.body.contains("•78"), "the new number is shown: {}", page.body);
        // All that is shown is right: what the codes confirmed stays.
        say(address, &token, &[("do", "confirm")]);
    });
    let accepted = values(&sent.store).into_iter().filter(|one| one.state == GivenState::Accepted);
    assert_eq!(accepted.map(|one| one.field).collect::<Vec<_>>(), ["phone", "email"]);
}

#[test]
fn a_gateway_that_hangs_or_fails_leaves_the_value_to_a_person_and_the_page_answers() {
    for answer in ["", "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"] {
        let mut sent = sent();
        let token = sent.token.clone();
        let gateway = std::net::TcpListener::bind("127.0.0.1:0").expect("listens");
        let outreach = format!(
            "{OUTREACH}[gateway.texts.http]\nurl = \"http://{}/\"\nmethod = \"POST\"\nbody = '{{\"to\": \"{{e164}}\", \"text\": \"{{body}}\"}}'\naccepted = {{ status = [200] }}\n",
            gateway.local_addr().expect("an address")
        );
        std::thread::spawn(move || {
            let mut open = Vec::new();
            for stream in gateway.incoming() {
                let mut stream = stream.expect("a connection");
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(answer.as_bytes());
                if answer.is_empty() {
                    open.push(stream);
                }
            }
        });
        served(&mut sent, &outreach, |address| {
            let page = say(address, &token, &[("do", "update"), ("mobile", "052-3456789")]);
            assert_eq!(page.status, 200, "{answer}");
            assert!(page.body.contains("will be checked by us"), "{answer}: {}", page.body);
        });
        assert_eq!(values(&sent.store)[0].state, GivenState::Pending);
    }
}

#[test]
fn a_code_that_a_gateway_took_is_called_sent() {
    let mut sent = sent();
    let token = sent.token.clone();
    let gateway = std::net::TcpListener::bind("127.0.0.1:0").expect("listens");
    let outreach = format!(
        "{OUTREACH}[gateway.texts.http]\nurl = \"http://{}/\"\nmethod = \"POST\"\nbody = '{{\"to\": \"{{e164}}\", \"text\": \"{{body}}\"}}'\naccepted = {{ status = [200] }}\n",
        gateway.local_addr().expect("an address")
    );
    std::thread::spawn(move || {
        for stream in gateway.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    served(&mut sent, &outreach, |address| {
        let page = say(address, &token, &[("do", "update"), ("mobile", "052-3456789")]);
        assert!(page.body.contains("We sent a code of six digits"), "{}", page.body);
        let page = say(address, &token, &[("do", "code"), ("value", "1"), ("code", "1")]);
        assert!(page.body.contains("We sent a code") && page.body.contains("Tries left: 5."), "{}", page.body);
    });
}

#[test]
fn a_code_that_did_not_leave_is_never_said_to_be_under_way() {
    let mut sent = sent();
    let token = sent.token.clone();
    let file = sent.directory.path().join("nowhere").join("codes.csv");
    let outreach = format!("{OUTREACH}[gateway.texts]\nfile = {{ path = {:?} }}\n", file.display().to_string());
    served(&mut sent, &outreach, |address| {
        let again = [("do", "again"), ("value", "1")];
        for form in [&[("do", "update"), ("mobile", "052-3456789")][..], &again, &again] {
            let page = say(address, &token, form);
            assert!(page.body.contains("will be checked by us"), "{}", page.body);
            assert!(!page.body.contains("name=\"code\""), "no code is asked for: {}", page.body);
        }
    });
    assert_eq!(values(&sent.store)[0].state, GivenState::Pending);
}
