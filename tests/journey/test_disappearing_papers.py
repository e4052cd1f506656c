"""What a crawl concludes, and does not conclude, from papers and pages that are not where they were."""

from datetime import UTC, datetime, timedelta

from crawling import HOST, Pages, a_county, article, listed, problems, run, settings

from archive import open_archive
from bulletin.ledger import DELISTED, GONE, LISTED, TEMPLATE_CHANGED
from bulletin.source import Revisits
from desk.demo.server import Serving
from desk.demo.site import Answer

DAY = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
WEEKLY = Revisits(longest=7.0)
PATHS = [f"/gb/t20260301_100{n}.html" for n in (1, 2, 3)]


def on(day):
    return DAY + timedelta(days=day)


def three(wrap=lambda page: page):
    pages = {"/gb/": listed(*(f".{path.removeprefix('/gb')}" for path in PATHS))}
    return Pages(pages | {path: wrap(article(n)) for n, path in enumerate(PATHS, 1)})


def asked(serving, since=0):
    return [path for path in serving.paths()[since:] if "/t2026" in path]


def looked(home, look):
    """What `look` finds, given the archive and the ids of the three papers."""
    with open_archive(settings(home).archive_url) as kept:
        return look(kept, [kept.find_id(f"http://{HOST}{path}")[0] for path in PATHS])


def statuses(home):
    return looked(home, lambda kept, ids: [kept.document(one).status for one in ids])


def test_a_site_that_answers_404_to_everything_withdraws_nothing(tmp_path):
    pages = three()
    with Serving([pages]) as serving:
        source = a_county(serving.address, revisits=WEEKLY)
        run(tmp_path, source, now=on(0))
        pages.pages = {"/robots.txt": Answer(404)}
        done, _ = run(tmp_path, source, now=on(30))
    assert problems(done)["gone"] == 4
    assert statuses(tmp_path) == [LISTED] * 3
    probes = looked(tmp_path, lambda kept, ids: [probe for one in ids for probe in kept.ledger.probes(one)])
    assert [(probe.finding, probe.counts) for probe in probes] == [(GONE, False)] * 3
    assert all("nothing else could be had" in probe.note for probe in probes)


def test_papers_that_moved_to_other_addresses_are_not_missed(tmp_path):
    pages = three()
    with Serving([pages]) as serving:
        source = a_county(serving.address, revisits=WEEKLY)
        run(tmp_path, source, now=on(0))
        moved = {f"/gb/t20260301_200{n}.html": article(n) for n in (1, 2, 3)}
        pages.pages = {"/robots.txt": Answer(404), "/gb/": listed(*(f".{path[3:]}" for path in moved)), **moved}
        done, _ = run(tmp_path, source, now=on(1))
    assert (done.tally.new, done.tally.notes) == (0, ())
    assert statuses(tmp_path) == [LISTED] * 3
    assert looked(tmp_path, lambda kept, ids: kept.counts()["documents"]) == 3


def test_a_probe_asks_for_what_is_in_question_and_for_nothing_else(tmp_path):
    pages = three()
    with Serving([pages]) as serving:
        source = a_county(serving.address, revisits=WEEKLY)
        run(tmp_path, source, now=on(0))
        pages.pages["/gb/"] = listed(*(f".{path[3:]}" for path in (*PATHS[:2], "/gb/t20260301_1009.html")))
        pages.pages["/gb/t20260301_1009.html"] = article(9)
        del pages.pages[PATHS[2]]
        seen, _ = run(tmp_path, source, now=on(1), limit=0)
        assert (seen.tally.new, statuses(tmp_path)) == (1, [LISTED, LISTED, GONE])
        pages.pages["/gb/"] = listed("./t20260301_1010.html")
        counts = []
        for day in (2, 4):
            at = len(serving.requests)
            done, _ = run(tmp_path, source, now=on(day), probe=True)
            assert asked(serving, at) == [PATHS[2]]
            counts.append((done.tally.new, done.tally.withdrawn))
    assert counts == [(0, 0), (0, 1)]
    assert statuses(tmp_path) == [LISTED, LISTED, "withdrawn"]


def test_a_list_that_leads_home_or_shows_nothing_is_no_list_of_what_is_left(tmp_path):
    pages = three()
    pages.pages["/"] = "<a href='/gb/t20260301_1009.html'>云岫县人民政府关于防汛的通知</a>" * 9
    with Serving([pages]) as serving:
        source = a_county(serving.address)
        run(tmp_path, source, now=on(0))
        pages.pages["/gb/"] = Answer(302, b"", (("Location", "/"),))
        home, _ = run(tmp_path, source, now=on(0.1))
        pages.pages["/gb/"] = "<html><body><p>系统维护中</p></body></html>"
        empty, _ = run(tmp_path, source, now=on(0.2))
    assert (problems(home), home.tally.new, empty.tally.new) == ({"redirected_home": 1}, 0, 0)
    assert statuses(tmp_path) == [LISTED] * 3


def test_a_paper_missing_deep_in_a_long_list_is_missed_by_a_full_crawl(tmp_path):
    pages = three()
    more = "<a href='/gb/more.html'>下一页</a>"
    pages.pages["/gb/"] = listed("./t20260301_1001.html", more=more)
    pages.pages["/gb/more.html"] = listed("./t20260301_1002.html", "./t20260301_1003.html")
    with Serving([pages]) as serving:
        source = a_county(serving.address, family="generic")
        run(tmp_path, source, now=on(0))
        pages.pages["/gb/more.html"] = listed("./t20260301_1002.html")
        run(tmp_path, source, now=on(0.1))
        assert statuses(tmp_path) == [LISTED] * 3
        run(tmp_path, source, now=on(0.2), full=True)
    assert statuses(tmp_path) == [LISTED, LISTED, DELISTED]


def test_counters_and_news_are_no_new_template_and_a_new_template_is_told_once(tmp_path):
    def old(page, hits):
        return page.replace(
            "<body>", f"<body><div class=top id=t{hits}><p>今日访问{hits}</p></div><ul class=news><li>x</ul>"
        )

    def new(page, hits):
        nav = "".join(f"<span class='nav-{name}'><i></i></span>" for name in ("a", "b", "c", "d", "e", "f"))
        return page.replace("<body>", f"<body><header><nav>{nav}</nav></header><em>今日访问{hits}</em>")

    def show(pages, wrap, hits):
        pages.pages.update({path: wrap(article(n), hits) for n, path in enumerate(PATHS, 1)})

    pages = three()
    told = []
    with Serving([pages]) as serving:
        source = a_county(serving.address, revisits=WEEKLY)
        for day, (wrap, hits) in enumerate([(old, 1), (old, 2), (new, 3), (new, 4)]):
            show(pages, wrap, hits)
            done, _ = run(tmp_path, source, now=on(day * 9))
            told.append([note.split(":")[0] for note in done.tally.notes])
            assert done.tally.changed == 0
    assert told == [[], [], [TEMPLATE_CHANGED], []]
    (event,) = looked(tmp_path, lambda kept, ids: kept.ledger.events(source.id))
    assert (event.noticed_at.date(), event.details["pages"]) == (on(18).date(), 3)
