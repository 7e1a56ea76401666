//! What a header says by itself: every known phrase, and how a header is read with them.

use std::collections::{BTreeSet, HashMap};

use super::{ColumnRules, FoldedHeader};
use crate::record::Field;

/// What a header says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderReading {
    /// Nothing at all: empty, a letter, `Column1`.
    Unnamed,
    /// Words that are not known, or that name several fields which mean nothing together.
    Unknown,
    /// Something that is none of the fields.
    Nothing,
    /// The whole header is a synonym.
    Named(Field),
    /// It holds a synonym, and its other words add nothing.
    Contained(Field),
    /// It holds a synonym beside words that are not known.
    Partly(Field),
}

/// Every known phrase, folded and in one piece ("first name" is `firstname`).
#[derive(Debug, Clone, Default)]
pub(super) struct Lexicon {
    phrases: HashMap<String, Meaning>,
    alone: HashMap<String, Meaning>,
    compounds: Vec<(BTreeSet<Field>, Field)>,
}

/// One phrase that the rule file gives two meanings.
#[derive(Debug, thiserror::Error)]
#[error("`{phrase}` stands under {first} and under {second}")]
pub(super) struct Conflict {
    phrase: String,
    first: Meaning,
    second: Meaning,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Field(Field),
    Nothing,
    Filler,
    Unnamed,
}

/// Headers longer than this many words are sentences; only their beginning is read.
const MOST_WORDS: usize = 16;

impl Lexicon {
    pub(super) fn new(rules: &ColumnRules) -> Result<Self, Conflict> {
        let mut lexicon = Lexicon::default();
        for (field, phrases) in &rules.synonyms {
            learn(&mut lexicon.phrases, phrases, Meaning::Field(*field))?;
        }
        learn(&mut lexicon.phrases, &rules.words.nothing, Meaning::Nothing)?;
        learn(&mut lexicon.phrases, &rules.words.filler, Meaning::Filler)?;
        for (field, phrases) in &rules.alone {
            learn(&mut lexicon.alone, phrases, Meaning::Field(*field))?;
        }
        learn(&mut lexicon.alone, &rules.words.unnamed, Meaning::Unnamed)?;
        lexicon.compounds =
            rules.compounds.iter().map(|compound| (compound.named.iter().copied().collect(), compound.means)).collect();
        Ok(lexicon)
    }

    pub(super) fn read(&self, header: &FoldedHeader) -> HeaderReading {
        let words = &header.words()[..header.words().len().min(MOST_WORDS)];
        if words.is_empty() || words.len() == 1 && is_letter(&words[0]) {
            return HeaderReading::Unnamed;
        }
        let whole = [header.words().concat(), header.in_one_piece()];
        let known = |phrases: &HashMap<String, Meaning>| whole.iter().find_map(|whole| phrases.get(whole).copied());
        match known(&self.alone).or_else(|| known(&self.phrases)) {
            Some(Meaning::Field(field)) => HeaderReading::Named(field),
            Some(Meaning::Nothing) => HeaderReading::Nothing,
            Some(Meaning::Unnamed) => HeaderReading::Unnamed,
            Some(Meaning::Filler) => HeaderReading::Unknown,
            None => self.read_parts(words),
        }
    }

    fn read_parts(&self, words: &[String]) -> HeaderReading {
        let (meanings, all_known) = self.cover(words);
        if meanings.contains(&Meaning::Nothing) {
            return HeaderReading::Nothing;
        }
        let named: BTreeSet<Field> = meanings
            .iter()
            .filter_map(|meaning| match meaning {
                Meaning::Field(field) => Some(*field),
                _ => None,
            })
            .collect();
        match self.together(&named) {
            Some(field) if all_known => HeaderReading::Contained(field),
            Some(field) => HeaderReading::Partly(field),
            None => HeaderReading::Unknown,
        }
    }

    /// The phrases found in the words, longest first and none over another, and whether no word was left over.
    fn cover(&self, words: &[String]) -> (Vec<Meaning>, bool) {
        let mut found: Vec<(usize, std::ops::Range<usize>, Meaning)> = Vec::new();
        for start in 0..words.len() {
            let mut piece = String::new();
            for (end, word) in words.iter().enumerate().skip(start) {
                piece.push_str(word);
                if let Some(meaning) = self.phrases.get(&piece) {
                    found.push((piece.chars().count(), start..end + 1, *meaning));
                }
            }
        }
        found.sort_by_key(|(length, range, _)| (std::cmp::Reverse(*length), range.start));
        let mut covered = vec![false; words.len()];
        let mut meanings = Vec::new();
        for (_, range, meaning) in found {
            if covered[range.clone()].iter().all(|covered| !covered) {
                covered[range].fill(true);
                meanings.push(meaning);
            }
        }
        let all_known = covered.iter().zip(words).all(|(covered, word)| *covered || is_letter(word));
        (meanings, all_known)
    }

    fn together(&self, named: &BTreeSet<Field>) -> Option<Field> {
        if named.len() == 1 {
            return named.first().copied();
        }
        self.compounds.iter().find(|(fields, _)| fields == named).map(|(_, means)| *means)
    }
}

fn learn(known: &mut HashMap<String, Meaning>, phrases: &[String], meaning: Meaning) -> Result<(), Conflict> {
    for phrase in phrases {
        let folded = FoldedHeader::new(phrase);
        for key in [folded.words().concat(), folded.in_one_piece()] {
            match known.insert(key, meaning) {
                Some(first) if first != meaning => {
                    return Err(Conflict { phrase: phrase.clone(), first, second: meaning });
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn is_letter(word: &str) -> bool {
    word.chars().count() == 1
}

impl std::fmt::Display for Meaning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Meaning::Field(field) => write!(f, "synonyms.{field}"),
            Meaning::Nothing => f.write_str("words.nothing"),
            Meaning::Filler => f.write_str("words.filler"),
            Meaning::Unnamed => f.write_str("words.unnamed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

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
        (
            Field::FirstName,
            &["First Name", "fname", "GivenName", "שם פרטי", "שֵׁם פְּרָטִי", "Имя", "الاسم الأول", "*שם פרטי:"],
        ),
        (Field::LastName, &["surname", "Last_Name", "שם משפחה", "שם המשפחה", "Фамилия", "اسم العائلة", "family name"]),
        (
            Field::FullName,
            &[
                "Name",
                "full name",
                "שם מלא",
                "שם לקוח",
                "שם הלקוח",
                "ФИО",
                "الاسم الكامل",
                "איש קשר",
                "שם פרטי ושם משפחה",
            ],
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
        (Field::Occupation, &["Occupation", "Job Title", "מקצוע", "Профессия", "المهنة"]),
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
        (
            Field::DoNotContact,
            &[
                "unsubscribed",
                "להסרה",
                "הסרה מדיוור",
                "Do Not Call",
                "HasOptedOutOfEmail",
                "opt out",
                "לא לדיוור",
                "Отписан",
                "תאריך הסרה",
            ],
        ),
        (
            Field::CreatedAt,
            &["created_at", "Join Date", "תאריך הצטרפות", "לקוח מאז", "Дата регистрации", "تاريخ التسجيل"],
        ),
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
        "שם חברה",
        "Company Name",
        "company",
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
        "phone type",
        "סוג טלפון",
        "email status",
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
        "גיל",
        "year of birth",
        "birth place",
        "order id",
        "מספר הזמנה",
        "consent date",
        "mailing list",
        "product name",
        "שם מוצר",
        "ח.פ.",
        "Tax ID",
        "שם האב",
        "emergency contact phone",
        "קידומת",
        "website",
        "Название компании",
        "اسم الشركة",
        "Phone/E-mail",
        "spouse name",
        "domain",
        "מס' דירה",
        "national_id_type",
        "passport number",
    ];

    fn rules() -> ColumnRules {
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
            assert!(matches!(reading, HeaderReading::Nothing | HeaderReading::Unknown), "{header}: {reading:?}");
        }
    }

    #[test]
    fn one_phrase_with_two_meanings_is_an_error_of_the_rules() {
        let mut rules = rules();
        rules.words.nothing.push("E-Mail".to_owned());
        let conflict = Lexicon::new(&rules).expect_err("an e-mail is something").to_string();
        assert_eq!(conflict, "`E-Mail` stands under synonyms.email and under words.nothing");
    }
}
