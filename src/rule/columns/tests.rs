//! Headers of real exports, and how each is read.

use super::*;

#[test]
fn the_shipped_file_has_synonyms_for_every_field_in_both_main_scripts() {
    let rules = ColumnRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
    for field in Field::ALL {
        let synonyms = rules.synonyms.get(field).map_or(&[][..], Vec::as_slice);
        for script in ['א'..='ת', 'a'..='z', 'а'..='я', 'ء'..='ي'] {
            let has = synonyms.iter().any(|synonym| synonym.to_lowercase().chars().any(|c| script.contains(&c)));
            assert!(has, "{field} has no synonym in {script:?}");
        }
    }
}

#[test]
fn a_wrong_pattern_is_an_error_of_its_line() {
    let text = "pattern = \"ok\"\ncertain = \"(\"\n";
    let error = super::super::files::parse_toml::<SniffRule>(FILE, text).expect_err("an open group");
    assert!(matches!(error, RuleError::Syntax { line: 2, .. }), "{error:?}");
}

const NAMED: &[(Field, &[&str])] = &[
    (
        Field::Id,
        &[
            "ID",
            "Customer ID",
            "customerId",
            "Member No.",
            "מס' לקוח",
            "מספר חבר מועדון",
            "user id",
            "№ клиента",
            "رقم العميل",
            "מזהה",
        ],
    ),
    (Field::FirstName, &["First Name", "fname", "GivenName", "שם פרטי", "שֵׁם פְּרָטִי", "Имя", "الاسم الأول", "*שם פרטי:"]),
    (Field::LastName, &["surname", "Last_Name", "שם משפחה", "שם המשפחה", "Фамилия", "اسم العائلة", "family name"]),
    (
        Field::FullName,
        &["Name", "full name", "שם מלא", "שם לקוח", "שם הלקוח", "ФИО", "الاسم الكامل", "איש קשר", "שם פרטי ושם משפחה"],
    ),
    (
        Field::Email,
        &[
            "E-mail",
            "eMail",
            "EMAIL ADDRESS",
            "E-mail 1 - Value",
            "address of e-mail",
            "דוא\"ל",
            "דוא״ל",
            "דואר אלקטרוני",
            "מייל",
            "אימייל",
            "כתובת מייל",
            "Эл. почта",
            "البريد الإلكتروني",
            "\u{feff}email",
            "ｅｍａｉｌ",
        ],
    ),
    (
        Field::Mobile,
        &[
            "Cell",
            "mobile phone",
            "Mobile No",
            "טלפון נייד",
            "נייד",
            "סלולרי",
            "פלאפון",
            "טל' נייד",
            "Мобильный телефон",
            "الجوال",
            "נייד 2",
        ],
    ),
    (
        Field::Phone,
        &[
            "Phone",
            "phone1",
            "Phone 2",
            "Tel.",
            "טלפון",
            "טל' 1",
            "טלפון בית",
            "Телефон",
            "رقم الهاتف",
            "Home Phone",
            "\u{200f}טלפון\u{200f}",
        ],
    ),
    (
        Field::BirthDate,
        &[
            "DOB",
            "D.O.B.",
            "Date of Birth",
            "birthday",
            "ת. לידה",
            "תאריך לידה",
            "יום הולדת",
            "Дата рождения",
            "تاريخ الميلاد",
        ],
    ),
    (
        Field::NationalId,
        &[
            "ת.ז",
            "ת.ז.",
            "ת\"ז",
            "ת״ז",
            "תעודת זהות",
            "מספר זהות",
            "ID Number",
            "soc_sec_id",
            "Теудат зеут",
            "رقم الهوية",
            "national_id",
        ],
    ),
    (Field::MiddleName, &["Middle Name", "middle_initial", "שם אמצעי", "Отчество"]),
    (Field::FatherName, &["Father's name", "שם האב", "Имя отца", "اسم الأب"]),
    (Field::Occupation, &["Occupation", "Job Title", "מקצוע", "Профессия", "المهنة"]),
    (Field::Company, &["Company", "Company Name", "שם חברה", "Название компании", "اسم الشركة", "Organisation"]),
    (Field::CompanyId, &["ח.פ.", "Company Number", "SIRET", "Partita IVA"]),
    (Field::Gender, &["Gender", "מין", "מגדר", "Пол", "الجنس", "sex"]),
    (Field::Address, &["Address", "address_1", "כתובת", "כתובת מגורים", "Адрес", "العنوان", "Mailing Address"]),
    (Field::Street, &["Street", "street name", "שם רחוב", "רחוב", "רח'", "Улица", "الشارع", "רחוב ומספר"]),
    (Field::HouseNumber, &["house no.", "street_number", "מספר בית", "מס' בית", "בית", "Дом", "رقم البيت"]),
    (Field::City, &["City", "עיר", "יישוב", "ישוב", "עיר/ישוב", "Город", "المدينة", "suburb", "Town"]),
    (Field::Postcode, &["ZIP", "Zip/Postal Code", "postcode", "מיקוד", "Индекс", "الرمز البريدي"]),
    (Field::Country, &["Country", "country code", "מדינה", "Страна", "البلد"]),
    (Field::Language, &["Language", "שפה", "Язык", "اللغة"]),
    (
        Field::Consent,
        &[
            "opt-in",
            "OptIn",
            "Accepts Marketing",
            "אישור דיוור",
            "הסכמה לדיוור",
            "מאשר/ת דיוור",
            "דיוור",
            "Согласие",
            "الموافقة",
        ],
    ),
    (Field::ConsentSms, &["SMS", "sms_opt_in", "דיוור SMS", "אישור לקבלת SMS", "הסכמה לסמס", "смс"]),
    (Field::ConsentEmail, &["email opt-in", "EmailOptIn", "consent_email", "דיוור במייל", "אישור דיוור בדוא\"ל"]),
    (Field::ConsentCall, &["phone consent", "allow calls", "הסכמה לשיחות", "Согласие на звонки"]),
    (Field::DoNotContact, &["unsubscribed", "להסרה", "הסרה מדיוור", "opt out", "לא לדיוור", "Отписан"]),
    (Field::DoNotCall, &["Do Not Call", "לא להתקשר", "Не звонить", "لا تتصل"]),
    (Field::DoNotEmail, &["HasOptedOutOfEmail", "do_not_email"]),
    (Field::OptedOutAt, &["תאריך הסרה", "Unsubscribed On", "Дата отписки"]),
    (Field::Deceased, &["Is Deceased?", "נפטר/ה", "Date of Death", "Дата смерти"]),
    (Field::Minor, &["Age", "גיל", "Year of Birth"]),
    (Field::Tags, &["Tags", "תגיות"]),
    (Field::PhoneLabel, &["phone type", "סוג טלפון"]),
    (Field::CreatedAt, &["created_at", "Join Date", "תאריך הצטרפות", "לקוח מאז", "Дата регистрации", "تاريخ التسجيل"]),
    (Field::UpdatedAt, &["Last Modified", "updatedAt", "עדכון אחרון", "תאריך עדכון", "Дата изменения"]),
    (
        Field::LastPurchase,
        &["last purchase", "Last Order Date", "קנייה אחרונה", "תאריך קניה אחרונה", "Последняя покупка"],
    ),
    (Field::Purchases, &["orders_count", "Number of Purchases", "מספר קניות", "Количество покупок", "عدد الطلبات"]),
    (Field::TotalSpend, &["Total Spent", "LTV", "סה\"כ קניות", "Сумма покупок", "إجمالي المشتريات"]),
    (Field::PreferredChannel, &["Preferred Channel", "ערוץ מועדף", "Способ связи", "القناة المفضلة"]),
    (Field::Status, &["Customer Status", "סטטוס לקוח", "Статус клиента", "حالة العميل"]),
    (Field::Notes, &["Notes", "הערות", "Комментарий", "ملاحظات"]),
];

const CONTAINED: &[(Field, &[&str])] = &[
    (Field::Email, &["customer's e-mail address", "אימייל ראשי", "Contact Email Address (required)", "work email"]),
    (Field::Mobile, &["customer mobile phone number", "Phone (Mobile)", "נייד של הלקוח", "טלפון - נייד"]),
    (Field::Phone, &["טלפון א", "second phone number"]),
    (Field::FirstName, &["שם פרטי (באנגלית)", "First Name (Hebrew)"]),
    (Field::City, &["Mailing City", "Address: City", "Billing City"]),
    (Field::ConsentEmail, &["consent to e-mail", "הסכמה - מייל"]),
    (Field::ConsentSms, &["marketing consent: SMS"]),
    (Field::Postcode, &["shipping zip", "Billing Zip"]),
];

const NOT_A_FIELD: &[&str] = &[
    "IP address",
    "כתובת IP",
    "city code",
    "קוד יישוב",
    "file name",
    "שם קובץ",
    "username",
    "first contact date",
    "last contact",
    "Last Login",
    "last purchase amount",
    "סכום קניה אחרונה",
    "email verified",
    "has phone",
    "is mobile",
    "date",
    "תאריך",
    "number",
    "מספר",
    "customer",
    "לקוח",
    "first purchase",
    "קנייה ראשונה",
    "שם סניף",
    "branch phone",
    "sales rep email",
    "שם נציג",
    "agent name",
    "fax",
    "פקס",
    "birth place",
    "order id",
    "מספר הזמנה",
    "consent date",
    "mailing list",
    "product name",
    "שם מוצר",
    "Tax ID",
    "שם האם",
    "emergency contact phone",
    "קידומת",
    "website",
    "Phone/E-mail",
    "spouse name",
    "domain",
    "מס' דירה",
    "national_id_type",
    "passport number",
];

fn rules() -> Arc<ColumnRules> {
    ColumnRules::load(&RuleFiles::embedded()).expect("the shipped rules load")
}

#[test]
fn headers_of_real_exports_are_known() {
    let rules = rules();
    for (field, headers) in NAMED {
        for header in *headers {
            assert_eq!(rules.read_header(header), HeaderReading::Named(*field), "{header}");
        }
    }
}

#[test]
fn headers_with_more_words_are_known_by_their_part() {
    let rules = rules();
    for (field, headers) in CONTAINED {
        for header in *headers {
            let reading = rules.read_header(header);
            let fits = [HeaderReading::Contained(*field), HeaderReading::Named(*field)];
            assert!(fits.contains(&reading), "{header}: {reading:?}");
        }
    }
}

#[test]
fn false_friends_are_no_field() {
    let rules = rules();
    for header in NOT_A_FIELD {
        let reading = rules.read_header(header);
        let is_none = matches!(reading, HeaderReading::Nothing | HeaderReading::PartlyNothing | HeaderReading::Unknown);
        assert!(is_none, "{header}: {reading:?}");
    }
}

#[test]
fn a_header_that_no_list_has_is_read_by_the_kinds_of_its_words() {
    let rules = rules();
    let field = |header: &str| match rules.wording(header).first() {
        Some(Means::Field(field)) => Some(field),
        _ => None,
    };
    for (header, expected) in [
        ("Kundennummern", Field::Id),
        ("Référence de l'adhérent", Field::Id),
        ("Geburtsdatum des Kunden", Field::BirthDate),
        ("Numero di telefono cellulare", Field::Mobile),
        ("Электронная почта получателя", Field::Email),
        ("Telefhone number", Field::Phone),
        ("Cognome e nome del socio", Field::FullName),
        ("סכום כל הרכישות", Field::TotalSpend),
        ("Anzahl der Bestellungen", Field::Purchases),
        ("مدينة السكن", Field::City),
    ] {
        assert_eq!(field(header), Some(expected), "{header}");
    }
    for (header, means) in [
        ("Handynummer des Beraters", NoField::SomebodyElse),
        ("E-mail du commercial", NoField::SomebodyElse),
        ("Telefono dell'agente", NoField::SomebodyElse),
        ("Luogo di nascita", NoField::SomethingElse),
        ("Telefon Arbeitgeber", NoField::SomebodyElse),
        ("טלפון המעסיק", NoField::SomebodyElse),
        ("Телефакс", NoField::SomethingElse),
        ("Kundengruppe", NoField::Grouping),
    ] {
        assert_eq!(rules.wording(header).first(), Some(Means::NoField(means)), "{header}");
    }
    assert_eq!(rules.wording("Zorba phone"), Wording { unknown: 1, ..rules.wording("phone") });
}

#[test]
fn a_reading_of_a_kind_that_there_is_not_is_an_error_of_the_rules() {
    let text = RuleFiles::embedded().text("headers.toml").replacen("has = [\"language\"]", "has = [\"langauge\"]", 1);
    let error = ColumnRules::load(&RuleFiles::embedded().with("headers.toml", text)).expect_err("no such kind");
    assert!(error.to_string().contains("`langauge`"), "{error}");
}

#[test]
fn one_phrase_with_two_meanings_is_an_error_of_the_rules() {
    let mut rules = ColumnRules::read(&RuleFiles::embedded()).expect("the shipped rules load");
    rules.words.nothing.push("E-Mail".to_owned());
    let conflict = Lexicon::new(&rules.phrases()).expect_err("an e-mail is something").to_string();
    assert_eq!(conflict, "`E-Mail` stands under synonyms.email and under words.nothing");
}
