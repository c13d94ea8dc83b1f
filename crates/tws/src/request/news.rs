//! Requests for news: bulletins of the broker, articles, and headlines of the past.

use super::{RequestId, bare, request_codec};
use crate::layout::{Layout, Pass, Passed, ReqId, TagValue};

/// reqNewsBulletins: the broker's own messages to its clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NewsBulletinsRequest {
    /// Those of today too, not only new ones.
    pub all_messages: bool,
}

request_codec!(NewsBulletinsRequest = NewsBulletins);

impl Layout for NewsBulletinsRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.flag(1, "allMessages", &mut self.all_messages)
    }
}

bare!(
    /// cancelNewsBulletins: no more bulletins.
    CancelNewsBulletins = CancelNewsBulletins, version 1
);

bare!(
    /// reqNewsProviders: who sells news.
    NewsProvidersRequest = NewsProviders
);

/// reqNewsArticle: the text behind a headline.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewsArticleRequest {
    pub req_id: ReqId,
    pub provider_code: String,
    pub article_id: String,
    pub options: Vec<TagValue>,
}

request_codec!(NewsArticleRequest = NewsArticle);

impl Layout for NewsArticleRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "providerCode", &mut self.provider_code)?;
        pass.text(3, "articleId", &mut self.article_id)?;
        pass.options(4, "newsArticleOptions", &mut self.options)
    }
}

/// reqHistoricalNews: headlines about a contract, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoricalNewsRequest {
    pub req_id: ReqId,
    pub con_id: i32,
    /// `+` between two.
    pub provider_codes: String,
    /// `yyyy-mm-dd hh:mm:ss.0`, exclusive; may be empty.
    pub start: String,
    /// `yyyy-mm-dd hh:mm:ss.0`, inclusive; empty for the present.
    pub end: String,
    /// 1 to 300.
    pub n_results: i32,
    pub options: Vec<TagValue>,
}

request_codec!(HistoricalNewsRequest = HistoricalNews);

impl Layout for HistoricalNewsRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.int(2, "conId", &mut self.con_id)?;
        pass.text(3, "providerCodes", &mut self.provider_codes)?;
        pass.text(4, "startDateTime", &mut self.start)?;
        pass.text(5, "endDateTime", &mut self.end)?;
        pass.int(6, "totalResults", &mut self.n_results)?;
        pass.options(7, "historicalNewsOptions", &mut self.options)
    }
}
