//! News: bulletins (14), articles (83), headlines as they come (84) and of the past (86, 87), and
//! who sells them (85).

use super::answer_codec;
use crate::layout::{Layout, Pass, Passed, ReqId};

/// updateNewsBulletin: a message of the broker to its clients.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewsBulletin {
    pub id: i32,
    /// 1 a bulletin, 2 an exchange that closed to trading, 3 one that opened again.
    pub kind: i32,
    pub message: String,
    pub exchange: String,
}

answer_codec!(NewsBulletin = NewsBulletins);

impl Layout for NewsBulletin {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.int(1, "newsMsgId", &mut self.id)?;
        pass.int(2, "newsMsgType", &mut self.kind)?;
        pass.text(3, "newsMessage", &mut self.message)?;
        pass.text(4, "originatingExch", &mut self.exchange)
    }
}

/// newsProviders: who sells news.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewsProviders {
    pub providers: Vec<NewsProvider>,
}

answer_codec!(NewsProviders = NewsProviders);

impl Layout for NewsProviders {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.list(1, "newsProviders", &mut self.providers)
    }
}

/// One seller of news.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewsProvider {
    pub code: String,
    pub name: String,
}

impl Layout for NewsProvider {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(1, "providerCode", &mut self.code)?;
        pass.text(2, "providerName", &mut self.name)
    }
}

/// newsArticle: the text behind a headline.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewsArticle {
    pub req_id: ReqId,
    /// 0 text or HTML, 1 a PDF in base64.
    pub kind: i32,
    pub text: String,
}

answer_codec!(NewsArticle = NewsArticle);

impl Layout for NewsArticle {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.int(2, "articleType", &mut self.kind)?;
        pass.text(3, "articleText", &mut self.text)
    }
}

/// tickNews: a headline of now, on a market-data line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TickNews {
    pub req_id: ReqId,
    /// Milliseconds since 1970.
    pub time_ms: i64,
    pub provider_code: String,
    pub article_id: String,
    pub headline: String,
    pub extra: String,
}

answer_codec!(TickNews = TickNews);

impl Layout for TickNews {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.long(2, "timestamp", &mut self.time_ms)?;
        pass.text(3, "providerCode", &mut self.provider_code)?;
        pass.text(4, "articleId", &mut self.article_id)?;
        pass.text(5, "headline", &mut self.headline)?;
        pass.text(6, "extraData", &mut self.extra)
    }
}

/// historicalNews: a headline of the past.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoricalNews {
    pub req_id: ReqId,
    /// `yyyy-mm-dd hh:mm:ss.0`, UTC.
    pub time: String,
    pub provider_code: String,
    pub article_id: String,
    pub headline: String,
}

answer_codec!(HistoricalNews = HistoricalNews);

impl Layout for HistoricalNews {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "time", &mut self.time)?;
        pass.text(3, "providerCode", &mut self.provider_code)?;
        pass.text(4, "articleId", &mut self.article_id)?;
        pass.text(5, "headline", &mut self.headline)
    }
}

/// historicalNewsEnd: no more headlines for this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HistoricalNewsEnd {
    pub req_id: ReqId,
    /// There are more than were asked for.
    pub has_more: bool,
}

answer_codec!(HistoricalNewsEnd = HistoricalNewsEnd);

impl Layout for HistoricalNewsEnd {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.flag(2, "hasMore", &mut self.has_more)
    }
}
