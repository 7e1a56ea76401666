//! Headers, cells and names of files, and what they say.

use std::sync::Arc;

use super::*;
use crate::record::{Channel, Consent, Day, Field, ListRole, Standing, StandingFact};
use crate::rule::RuleFiles;

fn words() -> Arc<StandingWords> {
    StandingWords::load(&RuleFiles::embedded()).expect("the shipped rules load")
}

fn on(day: Option<Day>) -> ReadOn {
    ReadOn { today: Day::of(jiff::civil::date(2026, 11, 1)), day }
}

#[test]
fn headers_are_understood_by_their_words_in_any_order() {
    let words = words();
    for (header, field) in [
        ("Do not allow Bulk Emails", Field::DoNotEmail),
        ("et4ae5__HasOptedOutOfMobile__c", Field::DoNotCall),
        ("donotbulkemail", Field::DoNotEmail),
        ("Consent withdrawn at", Field::OptedOutAt),
        ("May we text you?", Field::ConsentSms),
        ("Keep me informed", Field::Consent),
        ("מסכימה שתתקשרו אליי", Field::ConsentCall),
        ("משלוח דיוור אסור", Field::DoNotContact),
        ("Разрешение на рассылку отозвано", Field::DoNotContact),
        ("الموافقة على استلام العروض", Field::Consent),
        ("Subscriber type", Field::ContactStatus),
        ("Жив", Field::Deceased),
        ("GDPR erasure requested", Field::Blocked),
        ("Over 18", Field::Minor),
        ("מספר טלפון מנותק", Field::PhoneInvalid),
        ("אישור ספאם", Field::Consent),
        ("Spam opt-in", Field::Consent),
        ("חוק הספאם - אישר", Field::Consent),
        ("No spam", Field::DoNotContact),
        ("אין התנגדות", Field::Consent),
        ("Не против рассылки", Field::Consent),
        ("Doesn't mind texts", Field::ConsentSms),
        ("Suppression lifted", Field::Consent),
        ("ת. סיום הסכמה", Field::OptedOutAt),
        ("Legal hold - no outbound", Field::DoNotContact),
        ("Channel lockout", Field::DoNotContact),
        ("ערוצים נעולים", Field::DoNotContact),
        ("Открытые каналы", Field::Consent),
        ("Quiet since", Field::OptedOutAt),
        ("מועד הלוויה", Field::Deceased),
        ("Date of burial", Field::Deceased),
        ("Жив/†", Field::ContactStatus),
        ("המטופל בחיים", Field::Deceased),
    ] {
        let said = words.header(header);
        let HeaderSays::Asks(asks) = said else { panic!("{header}: {said:?}") };
        assert_eq!(asks.field(), Some(field), "{header}");
    }
}

#[test]
fn what_is_about_something_else_is_none_and_what_nobody_knows_smells() {
    let words = words();
    for header in ["Photo consent", "הסרת שיער", "Отказ от гарантии", "Spouse deceased", "Opt-out URL", "הסרת קשקוש"]
    {
        assert_eq!(words.header(header), HeaderSays::SomethingElse, "{header}");
    }
    for header in [
        "Paper or digital receipts",
        "Consentement éclairé signé",
        "Autorisation de sortie du collège",
        "Autorización de salida del colegio",
        "Consenso informato firmato",
        "Einverständnis Ausflug",
        "Информированное согласие пациента",
        "אישור יציאה לטיול",
    ] {
        assert_eq!(words.header(header), HeaderSays::SomethingElse, "{header}");
    }
    // What looks like such an object may be a way out or a way in.
    for header in ["Consentement reçu par e-mail", "Opted out in the app", "SMS consent via app"] {
        assert!(matches!(words.header(header), HeaderSays::Asks(_)), "{header}: {:?}", words.header(header));
    }
    for header in ["Removed from Zorba", "Consent zorba", "Contact lock", "Zorba blocked"] {
        assert_eq!(words.header(header), HeaderSays::Smells, "{header}");
    }
    for header in ["May we write to the family", "Contact forbidden by family", "Obituary link"] {
        assert_eq!(words.header(header), HeaderSays::Smells, "{header}");
    }
    for header in ["Locker blocked", "Quiet room", "שם האב המנוח", "Card status"] {
        assert_eq!(words.header(header), HeaderSays::SomethingElse, "{header}");
    }
    assert_eq!(words.header("Account closed"), HeaderSays::Nothing);
    let HeaderSays::Perhaps(asks) = words.header("emails.primary") else { panic!("it may be a permission") };
    assert!(!asks.is_clear, "and nobody knows");
    assert_eq!(words.header("Favourite colour"), HeaderSays::Nothing);
}

#[test]
fn a_cell_answers_what_its_column_asks() {
    let words = words();
    let no = |channel| Standing::of_channel(channel, Consent::No);
    for (field, header, cell, standing) in [
        (Field::DoNotContact, "Do Not Contact", "as she wished", Standing::of_any(Consent::No)),
        (Field::DoNotContact, "Do Not Contact", "X", Standing::of_any(Consent::No)),
        (Field::DoNotContact, "Do Not Contact", "no restriction", Standing::NOTHING),
        (Field::DoNotContact, "Withdrawal of consent", "pending", Standing::of_any(Consent::No)),
        (Field::DoNotContact, "Robinson list", "clear", Standing::NOTHING),
        (Field::DoNotContact, "Channels closed", "SMS", no(Channel::Sms)),
        (Field::Consent, "Permission", "signed photo form", Standing::of_any(Consent::Unknown)),
        (Field::Blocked, "Not blocked", "no", Standing::of_fact(StandingFact::Blocked)),
        (Field::Blocked, "לא חסום", "כן", Standing::NOTHING),
        (Field::Deceased, "Date of Death", "unknown", Standing::of_fact(StandingFact::Deceased)),
        (Field::ContactStatus, "Alive/dead", "†", Standing::of_fact(StandingFact::Deceased)),
        (Field::DoNotSms, "Never send texts", "No, texts are fine", Standing::NOTHING),
        (Field::Consent, "Consent", "not yet asked", Standing::of_any(Consent::Unknown)),
        (Field::Consent, "Contact permission level", "no calls", no(Channel::Call)),
        (Field::ContactStatus, "Status", "נפטרה", Standing::of_fact(StandingFact::Deceased)),
        (Field::ContactStatus, "Status", "Inactive", Standing::NOTHING),
        (Field::Deceased, "Жив", "нет", Standing::of_fact(StandingFact::Deceased)),
        (Field::Deceased, "Date of Death", "unknown date", Standing::of_fact(StandingFact::Deceased)),
        (Field::Minor, "Age", "17", Standing::of_fact(StandingFact::Minor)),
        (Field::Tags, "Tags", "vip, do not contact", Standing::of_any(Consent::No)),
    ] {
        let asks = words.asked(field, header).expect("a field of this kind");
        assert_eq!(words.cell(&asks, cell, on(None)).standing, standing, "{header}: {cell}");
    }
}

#[test]
fn the_name_of_a_file_may_say_what_its_people_are() {
    let words = words();
    for (file, role) in [
        ("unsubscribed_audience_2026-10.csv", Some(ListRole::Unsubscribed)),
        ("מוסרים 2025.csv", Some(ListRole::Unsubscribed)),
        ("do-not-contact list.csv", Some(ListRole::Unsubscribed)),
        ("withdrawn consent.csv", Some(ListRole::Unsubscribed)),
        ("non-stop gym.csv", None),
        ("departed_members.csv", Some(ListRole::Unsubscribed)),
        ("bounced_contacts_nov.csv", Some(ListRole::Bounced)),
        ("subscribed_audience_2026-10.csv", None),
        ("club.csv", None),
    ] {
        assert_eq!(words.role(file), role, "{file}");
    }
}

#[test]
fn a_status_of_being_written_to_is_a_permission_in_words() {
    let words = words();
    let status = |header: &str, cell: &str| {
        let HeaderSays::Asks(asks) = words.header(header) else { panic!("{header}: {:?}", words.header(header)) };
        assert_eq!(asks.field(), Some(Field::ContactStatus), "{header}");
        words.cell(&asks, cell, on(None)).standing
    };
    for (header, cell) in [
        ("סטטוס דיוור", "לא מאושר"),
        ("סטטוס דיוור", "לא רשום"),
        ("סטטוס דיוור", "ממתין לאישור"),
        ("סטטוס מנוי לדיוור", "לא מנוי"),
        ("Статус подписки", "Не подтверждён"),
        ("Статус подписки", "Не активен"),
        ("Статус подписки", "Ожидает подтверждения"),
        ("حالة الاشتراك", "خرج من القائمة"),
        ("حالة الاشتراك", "غير نشط"),
        ("Subscription status", "Not a subscriber"),
        ("Subscription status", "Lapsed consent"),
    ] {
        let said = status(header, cell);
        assert!(said.holds() || said.strictest() == Some(Consent::Unknown), "{header}: {cell}: {said:?}");
    }
    for (header, cell) in [("סטטוס דיוור", "מאושר"), ("Subscription status", "Active"), ("Статус подписки", "Активен")]
    {
        let said = status(header, cell);
        assert!(!said.holds() && said.strictest() != Some(Consent::Unknown), "{header}: {cell}: {said:?}");
    }
}

#[test]
fn a_legend_that_turns_a_header_round_is_odd() {
    let words = words();
    for header in
        ["Mailing (1=no)", "Рассылка (+ = отказ)", "דיוור (1=לא)", "Newsletter [X = opted out]", "SMS (0=yes)"]
    {
        assert!(words.has_odd_legend(header), "{header}");
    }
    for header in ["Mailing (1=yes, 0=no)", "דיוור (כן/לא)", "SMS (since: 2020)", "Newsletter (weekly)", "Mailing"]
    {
        assert!(!words.has_odd_legend(header), "{header}");
    }
}

#[test]
fn a_not_before_being_contacted_tells_whatever_stands_beside_it() {
    let words = words();
    for value in ["No communication", "חסוי - לא לפנות", "נא לא לפנות אליו"] {
        assert!(words.is_telling(value), "{value}");
    }
    for value in ["Gold", "no parking", "קבוצה א", "no sugar please"] {
        assert!(!words.is_telling(value), "{value}");
    }
}

#[test]
fn a_permission_that_ended_is_none() {
    let words = words();
    let day = |text: &str| text.parse().ok().map(Day::of);
    for (header, cell, consent) in [
        ("SMS allowed until", "2027-01-01", Consent::Yes),
        ("SMS allowed until", "2025-01-01", Consent::Unknown),
        ("Newsletter consent expiry", "2024-06-30", Consent::Unknown),
        ("אישור דיוור בתוקף עד", "2028-06-30", Consent::Yes),
        ("Согласие на рассылку действительно до", "2020", Consent::Unknown),
        ("Consent date", "2024-06-30", Consent::Yes),
    ] {
        let HeaderSays::Asks(asks) = words.header(header) else { panic!("{header}: {:?}", words.header(header)) };
        let said = words.cell(&asks, cell, on(day(cell))).standing;
        assert_eq!(said.strictest(), Some(consent), "{header}: {cell}");
    }
}

#[test]
fn what_plainly_refuses_tells_also_below_a_header_about_something_else() {
    let words = words();
    for (header, value) in [
        ("Privacy level", "No communication"),
        ("Delivery class", "do not call"),
        ("Tariff", "נפטרה"),
        ("Pricing group", "не звонить"),
    ] {
        assert!(words.is_telling_below(header, value), "{header}: {value}");
    }
    for (header, value) in [
        ("Spouse status", "deceased"),
        ("מצב האב", "נפטר"),
        ("Pet", "died"),
        ("Privacy level", "Standard"),
        ("Delivery class", "no signature"),
        ("Push state", "unsubscribed"),
    ] {
        assert!(!words.is_telling_below(header, value), "{header}: {value}");
    }
}

#[test]
fn a_title_among_the_rows_may_say_who_stands_below_it() {
    let words = words();
    for title in
        ["לקוחות שביקשו הסרה", "Removed from the mailing list", "Не беспокоить", "Deceased members", "Do not contact"]
    {
        assert_eq!(words.role_below(title), Some(ListRole::Unsubscribed), "{title}");
    }
    for title in ["Members", "Customers not unsubscribed", "Haifa branch", "חברים ללא מוסרים", "Total", "Page 2 of 3"]
    {
        assert_eq!(words.role_below(title), None, "{title}");
    }
}

#[test]
fn a_status_says_who_is_not_to_be_asked_also_beside_words_about_something_else() {
    let words = words();
    let asks = words.asked(Field::ContactStatus, "Status").expect("a field of this kind");
    let said = |cell: &str| words.cell(&asks, cell, on(None)).standing;
    for cell in [
        "deceased, per son",
        "died - wife phoned",
        "unsubscribed via link in invoice",
        "opted out at checkout",
        "blocked after chargeback, order 5512",
        "נפטר, בתו הודיעה",
        "הוסר, חשבונית",
        "לא לדיוור - ביקור בסניף",
        "отписалась через ссылку",
        "умер (сообщила жена)",
        "متوفى - اتصلت ابنته",
    ] {
        assert!(said(cell).holds(), "{cell}: {:?}", said(cell));
    }
    for cell in
        ["order cancelled", "wife died", "умерла жена", "payment blocked", "course refused", "gift sent", "הזמנה בוטלה"]
    {
        assert!(said(cell).is_nothing(), "{cell}: {:?}", said(cell));
    }
}
