//! One judgement with everything it depends on, and how its findings are compared.

use gatehouse_risk::evaluate;
use gatehouse_testkit::{Facts, IntentBuilder, facts, intent, now};
use gatehouse_types::{Intent, LimitId, Now, Policy, Profile, Scope, Verdict, Weight};

#[derive(Debug, Clone)]
pub(crate) struct Bench {
    pub(crate) policy: Policy,
    pub(crate) facts: Facts,
    pub(crate) intent: Intent,
    pub(crate) now: Now,
}

/// The ordinary morning and its ordinary order, with every limit off.
pub(crate) fn bench() -> Bench {
    let mut policy = Policy::careful();
    for id in LimitId::ALL {
        policy.set(Scope::Account, *id, Some(None));
    }
    Bench { policy, facts: facts(), intent: intent().build(), now: now() }
}

/// As `bench`, with the limits of the Careful profile.
pub(crate) fn careful() -> Bench {
    Bench { policy: Policy::careful(), ..bench() }
}

/// As `bench`, with the values of the Careful profile for some limits.
pub(crate) fn of(ids: &[LimitId]) -> Bench {
    let mut bench = bench();
    for id in ids {
        bench.policy.set(Scope::Account, *id, Some(Profile::Careful.value(*id)));
    }
    bench
}

impl Bench {
    pub(crate) fn set(mut self, id: LimitId, value: &str) -> Self {
        let value = id.parse(value).expect("has the form of the limit");
        self.policy.set(Scope::Account, id, Some(Some(value)));
        self
    }

    pub(crate) fn intent(mut self, intent: IntentBuilder) -> Self {
        self.intent = intent.build();
        self
    }

    pub(crate) fn facts(mut self, change: impl FnOnce(Facts) -> Facts) -> Self {
        self.facts = change(self.facts);
        self
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Facts)) -> Self {
        change(&mut self.facts);
        self
    }

    pub(crate) fn verdict(&self) -> Verdict {
        evaluate(&self.policy, &self.facts.view(), &self.intent, self.now)
    }

    /// Compares every finding with its line, in order.
    #[track_caller]
    pub(crate) fn check(&self, expected: &[&str]) {
        assert_eq!(lines(&self.verdict()), expected, "of {:?}", self.intent.kind);
    }
}

/// `refuse GH-03 account: quantity 501 is above 500`
pub(crate) fn lines(verdict: &Verdict) -> Vec<String> {
    let line = |finding: &gatehouse_types::Finding| {
        let weight = match finding.weight {
            Weight::Warn => "warn",
            Weight::Hold => "hold",
            Weight::Refuse => "refuse",
        };
        let refusal = &finding.refusal;
        format!("{weight} {} {}: {refusal}", refusal.control(), finding.scope)
    };
    verdict.findings.iter().map(line).collect()
}
