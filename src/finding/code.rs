//! The closed list of codes: one name in the source, one string for ever outside.

/// Declares every code once: its variant, its string, and the tables that go from one to the other.
macro_rules! codes {
    ($($variant:ident = $text:literal,)+) => {
        /// What a finding says. The string of a code never changes and is never used again for something else;
        /// `rules/validate/` explains each one and holds its examples.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        #[expect(missing_docs, reason = "each code is explained by its file in rules/validate")]
        pub enum Code { $($variant,)+ }

        impl Code {
            /// Every code, in the order of this file.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            /// The stable string, for example `email.syntax.no_at`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $text,)+ }
            }
        }
    };
}

codes! {
    // --- e-mail ---
    EmailNoAt = "email.syntax.no_at",
    EmailMultipleAt = "email.syntax.multiple_at",
    EmailEmptyLocal = "email.syntax.empty_local",
    EmailEmptyDomain = "email.syntax.empty_domain",
    EmailLocalTooLong = "email.syntax.local_too_long",
    EmailDomainTooLong = "email.syntax.domain_too_long",
    EmailLabelTooLong = "email.syntax.label_too_long",
    EmailTotalTooLong = "email.syntax.total_too_long",
    EmailDotEdge = "email.syntax.dot_edge",
    EmailDotDouble = "email.syntax.dot_double",
    EmailBadChar = "email.syntax.bad_char",
    EmailBadHyphen = "email.syntax.bad_hyphen",
    EmailControlChar = "email.syntax.control_char",
    EmailUnbalancedQuote = "email.syntax.unbalanced_quote",
    EmailNoTld = "email.syntax.no_tld",
    EmailNumericTld = "email.syntax.numeric_tld",
    EmailUnknownTld = "email.syntax.unknown_tld",
    EmailUnderscoreDomain = "email.syntax.underscore_domain",
    EmailIpAddress = "email.syntax.ip_address",
    EmailMixedBidi = "email.syntax.mixed_bidi",
    EmailSpecialUse = "email.special_use",
    EmailQuotedLocal = "email.unusual.quoted_local",
    EmailDomainLiteral = "email.unusual.domain_literal",
    EmailEaiLocal = "email.unusual.eai_local",
    EmailIdnDomain = "email.unusual.idn_domain",
    EmailMixedScript = "email.unusual.mixed_script",
    EmailPunycodeInput = "email.unusual.punycode_input",
    EmailRepairTrim = "email.repair.trim",
    EmailRepairInvisible = "email.repair.invisible",
    EmailRepairBidiMark = "email.repair.bidi_mark",
    EmailRepairInnerSpace = "email.repair.inner_space",
    EmailRepairMailto = "email.repair.mailto",
    EmailRepairDisplayName = "email.repair.display_name",
    EmailRepairAngle = "email.repair.angle",
    EmailRepairLabel = "email.repair.label",
    EmailRepairCommaDot = "email.repair.comma_dot",
    EmailRepairTrailingPunct = "email.repair.trailing_punct",
    EmailRepairDoubleAt = "email.repair.double_at",
    EmailRepairDoubleDotDomain = "email.repair.double_dot_domain",
    EmailRepairFullwidth = "email.repair.fullwidth",
    EmailRepairDecoded = "email.repair.decoded",
    EmailRepairUnquoted = "email.repair.unquoted",
    EmailRepairHebrewLayout = "email.repair.hebrew_layout",
    EmailSuggestDomainTypo = "email.suggest.domain_typo",
    EmailSuggestTldTypo = "email.suggest.tld_typo",
    EmailSuggestMissingAt = "email.suggest.missing_at",
    EmailSuggestInside = "email.suggest.inside",
    EmailSuggestLocalTypo = "email.suggest.local_typo",
    EmailSuggestHebrewLayout = "email.suggest.hebrew_layout",
    EmailRole = "email.class.role",
    EmailDisposable = "email.class.disposable",
    EmailDisposableWide = "email.class.disposable_wide",
    EmailRelay = "email.class.relay",
    EmailFree = "email.class.free",
    EmailIsp = "email.class.isp",
    EmailPlaceholder = "email.class.placeholder",
    EmailMulti = "email.class.multi",
    EmailShared = "email.class.shared",
    EmailMxOk = "email.dns.mx_ok",
    EmailImplicitMx = "email.dns.implicit_mx",
    EmailMxNullMixed = "email.dns.mx_null_mixed",
    EmailNullMx = "email.dns.null_mx",
    EmailNxdomain = "email.dns.nxdomain",
    EmailNoMxNoAddress = "email.dns.no_mx_no_address",
    EmailMxUnresolvable = "email.dns.mx_unresolvable",
    EmailMxPrivate = "email.dns.mx_private",
    EmailDnsTemporary = "email.dns.temporary",
    EmailDnsTimeout = "email.dns.timeout",
    EmailDnsRefused = "email.dns.refused",
    EmailDnsUntrusted = "email.dns.resolver_untrusted",
    EmailDnsNotChecked = "email.dns.not_checked",
    EmailDnsStale = "email.dns.stale",

    // --- phone ---
    PhonePlaceholder = "phone.placeholder",
    PhoneDummy = "phone.dummy",
    PhoneNotANumber = "phone.not_a_number",
    PhoneTooShort = "phone.too_short",
    PhoneTooLong = "phone.too_long",
    PhoneBadLength = "phone.bad_length",
    PhoneLocalOnly = "phone.local_only",
    PhoneUnknownCountry = "phone.unknown_country",
    PhoneNoDefaultRegion = "phone.no_default_region",
    PhoneRangeUnallocated = "phone.range_unallocated",
    PhoneRangeRetired = "phone.range_retired",
    PhoneOldMobile2004 = "phone.old_mobile_2004",
    PhoneMultiple = "phone.multiple",
    PhoneDuplicateInCell = "phone.duplicate_in_cell",
    PhoneExtension = "phone.extension",
    PhoneTextAround = "phone.text_around",
    PhoneLetterInNumber = "phone.letter_in_number",
    PhoneStarCode = "phone.star_code",
    PhoneShortCode = "phone.short_code",
    PhoneEmergency = "phone.emergency",
    PhoneService = "phone.service",
    PhonePremium = "phone.premium",
    PhoneFaxToMail = "phone.fax_to_mail",
    PhoneLabelledFax = "phone.labelled_fax",
    PhoneNotPersonal = "phone.not_personal",
    PhoneVoip = "phone.voip",
    PhoneKosherRange = "phone.kosher_range",
    PhoneKosherLandline = "phone.kosher_landline",
    PhonePsSharedRange = "phone.ps_shared_range",
    PhoneForeign = "phone.foreign",
    PhoneSciLossy = "phone.sci_lossy",
    PhoneIddGuess = "phone.idd_guess",
    PhoneLooksLikeDate = "phone.looks_like_date",
    PhoneLooksLikeIlId = "phone.looks_like_il_id",
    PhoneLooksLikeEmail = "phone.looks_like_email",
    PhoneSharedByMany = "phone.shared_by_many",
    PhoneSameAsOtherField = "phone.same_as_other_field",
    PhoneRepairIddStripped = "phone.repair.idd_stripped",
    PhoneRepairTrunkAfterCc = "phone.repair.trunk_after_cc",
    PhoneRepairExcelDotZero = "phone.repair.excel_dot_zero",
    PhoneRepairExcelSciExact = "phone.repair.excel_sci_exact",
    PhoneRepairZeroRestored = "phone.repair.zero_restored",
    PhoneRepairCcDoubled = "phone.repair.cc_doubled",
    PhoneRepairSplit = "phone.repair.split",
    PhoneRepairExtSplit = "phone.repair.ext_split",
    PhoneRepairLabelStripped = "phone.repair.label_stripped",
    PhoneRepairNoteSplit = "phone.repair.note_split",
    PhoneSuggestIl057To053 = "phone.suggest.il_057_to_053",
    PhoneSuggestLetterOToZero = "phone.suggest.letter_o_to_zero",
    PhoneSuggestTwoReadings = "phone.suggest.two_readings",
    PhoneSuggestPlusRestored = "phone.suggest.plus_restored",

    // --- names ---
    NamePlaceholder = "name.placeholder",
    NameDigits = "name.digits",
    NameBadChar = "name.bad_char",
    NameSingleLetter = "name.single_letter",
    NameRepeatedLetter = "name.repeated_letter",
    NameLooksLikeEmail = "name.looks_like_email",
    NameLooksLikePhone = "name.looks_like_phone",
    NameCompany = "name.company",
    NameMixedScript = "name.mixed_script",
    NameTooLong = "name.too_long",
    NameMissingLast = "name.missing_last",
    NameSwapped = "name.swapped",
    NameMerged = "name.merged",
    NameDeceased = "name.deceased",
    NameLegal = "name.legal",
    NameDoNotContact = "name.do_not_contact",
    NameRepairHonorific = "name.repair.honorific",
    NameRepairNiqqud = "name.repair.niqqud",
    NameRepairApostrophe = "name.repair.apostrophe",
    NameRepairCase = "name.repair.case",
    NameRepairNoteSplit = "name.repair.note_split",
    NameRepairFinalLetter = "name.repair.final_letter",
    NameRepairComma = "name.repair.comma_order",
    NameRepairKeyboardLayout = "name.repair.keyboard_layout",
    NameSuggestKeyboardLayout = "name.suggest.keyboard_layout",

    // --- any text ---
    TextPlaceholder = "text.placeholder",
    TextExcelError = "text.excel_error",
    TextReplacementChar = "text.replacement_char",
    TextRepairTrim = "text.repair.trim",
    TextRepairInnerSpace = "text.repair.inner_space",
    TextRepairInvisible = "text.repair.invisible",
    TextRepairControl = "text.repair.control_char",
    TextRepairBidiMark = "text.repair.bidi_mark",
    TextRepairFullwidth = "text.repair.fullwidth",
    TextRepairExcelMark = "text.repair.excel_text_mark",
    TextRepairMojibake = "text.repair.mojibake",
    TextRepairEntity = "text.repair.html_entity",

    // --- dates ---
    DateUnparsable = "date.unparsable",
    DateImpossible = "date.impossible",
    DateAmbiguous = "date.ambiguous",
    DateOtherOrder = "date.other_order",
    DateFuture = "date.future",
    DateTooOld = "date.too_old",
    DatePlaceholder = "date.placeholder",
    DateNoYear = "date.no_year",
    DateOrder = "date.order",
    DateRepairExcelSerial = "date.repair.excel_serial",
    DateRepairTwoDigitYear = "date.repair.two_digit_year",
    DateRepairTimeStripped = "date.repair.time_stripped",
    DateRepairUnixTime = "date.repair.unix_time",

    // --- national id ---
    IdCheckDigit = "id.check_digit",
    IdBadLength = "id.bad_length",
    IdNotANumber = "id.not_a_number",
    IdPlaceholder = "id.placeholder",
    IdRepairZeroRestored = "id.repair.zero_restored",
    IdRepairPunctuation = "id.repair.punctuation",
    IdRepairExcelDotZero = "id.repair.excel_dot_zero",

    // --- addresses ---
    AddressUnknownCity = "address.unknown_city",
    AddressBadPostcode = "address.bad_postcode",
    AddressOldPostcode = "address.old_postcode",
    AddressMissingHouse = "address.missing_house",
    AddressPoBox = "address.po_box",
    AddressNoLetters = "address.no_letters",
    AddressRepairCityAlias = "address.repair.city_alias",
    AddressRepairAbbreviation = "address.repair.abbreviation",
    AddressRepairExcelDotZero = "address.repair.excel_dot_zero",
    AddressSuggestCityTypo = "address.suggest.city_typo",
    AddressSuggestSpoiltDate = "address.suggest.spoilt_date",

    // --- consent ---
    ConsentUnknownValue = "consent.unknown_value",
    ConsentContradiction = "consent.contradiction",
    ConsentUnreadColumn = "consent.unread_column",
    ConsentUnreadAnswers = "consent.unread_answers",
    ConsentUnreadRefusals = "consent.unread_refusals",
    ConsentUnreadStatuses = "consent.unread_statuses",

    // --- notes ---
    NotesDeceased = "notes.deceased",
    NotesLegal = "notes.legal",
    NotesDoNotContact = "notes.do_not_contact",
    NotesRefusedChannel = "notes.refused_channel",
    NotesUnclear = "notes.unclear",

    // --- rows that are hard to read ---
    RowRaggedShort = "row.ragged_short",
    RowRaggedLong = "row.ragged_long",
    RowUnbalancedQuote = "row.unbalanced_quote",
    RowTooLong = "row.too_long",
    RowUndecodable = "row.undecodable",
    RowNulByte = "row.nul_byte",
    RowBadJson = "row.bad_json",
    RowBadVcard = "row.bad_vcard",
    RowRepeatedHeader = "row.repeated_header",
    RowTotal = "row.total",
    RowTextLine = "row.text_line",
    RowOtherTable = "row.other_table",
    RowDescription = "row.description",
    RowShifted = "row.shifted",
    RowNoContact = "row.no_contact",

    // --- the list as a whole ---
    ListDuplicateKey = "list.duplicate_key",
    ListEmptyKey = "list.empty_key",
    ListDuplicateRow = "list.duplicate_row",
    ListSharedValue = "list.shared_value",
    ListPlaceholderShare = "list.placeholder_share",
    ListColumnsSwapped = "list.columns_swapped",
    ListMixedDateFormat = "list.mixed_date_format",
    ListEmptyColumn = "list.empty_column",
    ListConstantColumn = "list.constant_column",
    ListUnmappedColumn = "list.unmapped_column",
    ListTableBeside = "list.table_beside",
    ListOtherRegion = "list.other_region",

    // --- what the user's own configuration expects of a column ---
    ExpectNotNull = "expect.not_null",
    ExpectUnique = "expect.unique",
    ExpectPattern = "expect.pattern",
    ExpectOneOf = "expect.one_of",
    ExpectLength = "expect.length",
    ExpectAnyOf = "expect.any_of",
    ExpectRows = "expect.rows",
    ExpectAtLeast = "expect.at_least",
    ExpectFresh = "expect.fresh",
    ExpectOrdered = "expect.ordered",

    // --- what the user's own configuration lives with ---
    CheckSuppressionExpired = "check.suppression_expired",
    CheckSuppressionUnused = "check.suppression_unused",
}

impl Code {
    /// The code with this string, if there is one.
    pub fn parse(text: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str() == text)
    }

    /// The first word: `email`, `phone`, `name`, `text`, `date`, `id`, `address`, `consent`, `notes`, `row`, `list`, `expect`.
    pub fn family(self) -> &'static str {
        let text = self.as_str();
        text.split_once('.').map_or(text, |(family, _)| family)
    }

    /// A repair was made, so the standardized value differs from the raw one for this reason.
    pub const fn is_repair(self) -> bool {
        REPAIRS[self as usize]
    }

    /// A better value is offered to a steward; nothing was changed.
    pub const fn is_suggestion(self) -> bool {
        SUGGESTIONS[self as usize]
    }

    /// What DNS said of an address' domain.
    pub const fn is_dns(self) -> bool {
        DNS[self as usize]
    }

    /// A fact about the value with a policy of its own, never a fault by itself.
    pub fn is_class(self) -> bool {
        self.as_str().contains(".class.")
    }
}

/// Asked of every mark of every cell, so the names are searched once, when tiuv is built.
static REPAIRS: [bool; Code::ALL.len()] = codes_with(".repair.");
static DNS: [bool; Code::ALL.len()] = codes_with(".dns.");
static SUGGESTIONS: [bool; Code::ALL.len()] = codes_with(".suggest.");

const fn codes_with(part: &str) -> [bool; Code::ALL.len()] {
    let mut found = [false; Code::ALL.len()];
    let mut code = 0;
    while code < found.len() {
        found[code] = contains(Code::ALL[code].as_str().as_bytes(), part.as_bytes());
        code += 1;
    }
    found
}

const fn contains(text: &[u8], part: &[u8]) -> bool {
    let mut start = 0;
    while start + part.len() <= text.len() {
        let mut same = 0;
        while same < part.len() && text[start + same] == part[same] {
            same += 1;
        }
        if same == part.len() {
            return true;
        }
        start += 1;
    }
    false
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Code::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("unknown code `{text}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_codes_share_a_string() {
        let mut texts: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), Code::ALL.len());
    }

    #[test]
    fn every_code_parses_back_from_its_string() {
        for &code in Code::ALL {
            assert_eq!(Code::parse(code.as_str()), Some(code));
        }
    }
}
