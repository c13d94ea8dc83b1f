//! The broker's data farms, as its notices name them.

/// What a notice says of a farm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Farm {
    pub(crate) name: String,
    pub(crate) sentence: Option<String>,
}

/// Reads a notice: 2103, 2105 and 2157 are broken farms; 2104, 2106, 2107, 2108 and 2158 are well, or
/// asleep until somebody asks.
pub(crate) fn farm(code: i32, message: &str) -> Option<Farm> {
    let (kind, is_broken) = match code {
        2103 => ("market data", true),
        2105 => ("historical data", true),
        2157 => ("security definition", true),
        2104 | 2108 => ("market data", false),
        2106 | 2107 => ("historical data", false),
        2158 => ("security definition", false),
        _ => return None,
    };
    let name = message.rsplit(':').next().unwrap_or_default().trim();
    let is_name = !name.is_empty() && name.len() <= 32 && !name.contains(' ');
    let name = if is_name { name.to_ascii_lowercase() } else { kind.replace(' ', "-") };
    let sentence = is_broken.then(|| {
        format!(
            "The broker's {kind} farm {name} is broken ({code}); what comes from it stands still. \
             It usually comes back by itself. {}",
            gatehouse_codes::meaning(code, message).action
        )
    });
    Some(Farm { name, sentence })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_farm_is_named_and_its_return_names_the_same() {
        let broken = farm(2103, "Market data farm connection is broken:usfarm").expect("is one");
        assert_eq!(broken.name, "usfarm");
        let sentence = broken.sentence.expect("is told");
        assert!(sentence.contains("farm usfarm is broken (2103)"), "{sentence}");
        assert!(sentence.ends_with("until 2104 names it again."), "{sentence}");
        let well = farm(2104, "Market data farm connection is OK:usfarm").expect("is one");
        assert_eq!((well.name.as_str(), well.sentence), ("usfarm", None));
    }

    #[test]
    fn a_notice_without_a_name_has_that_of_its_kind_and_others_are_no_farms() {
        let farm_of = |code, text| farm(code, text).map(|it| it.name);
        assert_eq!(
            farm_of(2105, "HMDS data farm connection is broken"),
            Some("historical-data".into())
        );
        assert_eq!(farm_of(1100, "Connectivity has been lost"), None);
    }
}
