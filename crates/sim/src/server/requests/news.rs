//! Who takes requests for news.

use gatehouse_tws::request::{
    CancelNewsBulletins, HistoricalNewsRequest, NewsArticleRequest, NewsBulletinsRequest,
    NewsProvidersRequest,
};

use super::answers;

answers! {
    NewsBulletinsRequest => |hub, call, asked| hub.news_bulletins(call.session, asked);
    CancelNewsBulletins => |hub, call, _| {
        hub.with(call.session, |client| client.wants.bulletins_from = None);
    };
    NewsProvidersRequest => |hub, call, _| hub.news_providers(call.session);
    NewsArticleRequest => |hub, call, asked| hub.news_article(call.session, &asked);
    HistoricalNewsRequest => |hub, call, asked| hub.historical_news(call.session, &asked);
}
