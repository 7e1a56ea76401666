//! The rules: policy as data, embedded from `rules/` and overridable file by file with `--rules DIR`.

mod answers;
mod catalog;
mod check;
mod class_words;
mod columns;
mod consent;
mod context;
mod dates;
mod dead;
mod decay;
mod dispatch;
mod dns;
mod domain_list;
mod email;
mod email_key;
mod event_profiles;
mod events;
mod expectation;
mod files;
mod ingest;
mod languages;
mod layout;
mod list;
mod list_names;
mod lookup;
mod mx;
mod name_structure;
mod names;
mod national_id;
mod outreach;
mod phone;
mod phone_key;
mod phone_labels;
mod places;
mod region;
mod resolve;
mod row;
mod services;
mod standing;
mod status;
mod steward;
mod suppression;
mod survivorship;
mod text;
pub mod update;
mod vcard;
mod word_table;
mod words;

pub use answers::{
    CallColumn, InboundWords, MessageColumn, OutcomeWords, ReceiptColumn, ReportWords, ServerGuards, outcome_title,
};
pub use catalog::{Catalog, Example, FixSafety, Level, Rule, RuleScope, Sureness};
pub use check::{CheckProfile, CheckProfiles, FailsOn};
pub use columns::{
    BesideRule, ColumnRules, ColumnSureness, Compound, HeaderReading, HeaderWords, JudgedRule, Means, Meant, NoField,
    Pattern, ProgramHeaders, SniffRule, Taken, Wording,
};
pub(crate) use columns::{are_filled, filled};
pub use consent::{ConsentWord, ConsentWords};
pub use context::Context;
pub use dates::{
    DateRules, DateWindow, HeaderOrder, NumberDates, OrderRules, PartOrder, PlaceholderDate, TwoDigitYear,
};
pub use dead::{DeadRules, Life};
pub use decay::{
    AgeFactors, DecayLimits, DecayPriors, DecayRules, LearnGuard, LearnRules, OpenRules, PriorSds, SignalCaps,
};
pub use dispatch::{DispatchPolicy, TwilioCodes};
pub use dns::{Canaries, DnsRules, MxParking, MxTimes, Network, ParkedHost};
pub use domain_list::DomainList;
pub use email::{
    EducationDomains, Elsewhere, EmailClasses, EmailPlaceholders, EmailPolicy, EmailRepairs, EmailRules, EmailTypos,
    MailProvider, ProviderClass, RepairWords,
};
pub use email_key::EmailKeys;
pub use event_profiles::{ANYTHING, CaseMeaning, EventCase, EventColumns, EventProfile, EventProfiles, plain_word};
pub use events::{CodeMeaning, CodeWord, EventColumn, EventMeaning, EventRules};
pub use expectation::{AtLeast, Expectation, ExpectedExample, When};
pub use files::{RuleError, RuleFiles, parse_toml, read_settings};
pub use ingest::IngestRules;
pub use languages::{Languages, language_by_script};
pub use layout::{LayoutRules, Phrases, phrase_words};
pub use list::ListRules;
pub use list_names::{ListFamily, ListNames};
pub use lookup::Lookup;
pub use mx::MxPolicy;
pub use name_structure::{FatherNames, NameOrder, NameOrderWords, RelativeNames};
pub use names::{DOUBLING, Honorifics, NameKind, NameLists, NameShape, NameUse};
pub use national_id::{IdAlgorithm, NationalIdRules, NationalIdScheme};
pub use outreach::{
    Area, Areas, AskWords, Basis, ByChannel, Capacity, ClientLimits, CodeLimits, CodeWords, ConfirmPolicy, DoneWords,
    Etiquette, GreetingRules, Ladder, NoticeWords, OutreachPolicy, OutreachRules, PageFile, PageWords, PermissionRules,
    PersonalCall, Prices, Purpose, Quiet, RefusalReach, RefusedValues, SelfAccepted, Slots, Texts, UpdateWords,
};
pub use phone::{
    DummyNumbers, LineReach, OwnRange, PhonePlan, PhonePolicy, PhoneRules, PhoneWords, PlanLength, PlanRange,
    RangeMove, ReachWord, RepairConfidence, ShortNumber, VerdictCodes,
};
pub use phone_key::PhoneKeys;
pub use phone_labels::{PhoneLabel, PhoneLabels};
pub use places::{AddressRules, Countries, Found, Localities, Locality, PostcodeForm, SpoiltNumbers};
pub use region::RegionRules;
pub use resolve::{
    BlockingKey, BlockingRules, DecisionColumn, DecisionWords, FieldPrior, LatinLetters, ModelRules, NameForms, Part,
    PlaceShares, RarityBins, ResolveExample, ResolvePolicy, ResolveRules, ResolveWords, Shipped, Vetoes,
};
pub use row::RowShape;
pub use services::LookupPolicy;
pub use standing::{About, Asks, CellSays, Channels, HeaderSays, ReadOn, StandingWords};
pub use status::StatusRules;
pub use steward::{
    AgeWeight, ClaimPolicy, DecayedPolicy, KindPolicy, ManyPolicy, PasswordPolicy, RevealPolicy, SecondPerson,
    SessionPolicy, StewardPolicy, TryPolicy,
};
pub use suppression::Suppression;
pub use survivorship::{
    ConsentAnswer, ExampleRow, Fill, Preference, Script, SurvivorshipExample, SurvivorshipRules, Unit,
};
pub use text::{HebrewLayout, PlaceholderKind, Placeholders, TextRules};
pub use vcard::{VcardProperty, VcardRules};
pub(crate) use word_table::WordTable;
pub use words::Words;
