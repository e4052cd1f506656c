"""Which page next, and when to stop."""

from datetime import date

from builders import a_source

from bulletin.document import Known
from bulletin.harvest import Row
from bulletin.source import Column, Seed
from crawler.errand import Errand
from crawler.families.family import Ask, Listing
from crawler.frontier import Frontier
from crawler.steps import ArticleStep, ListStep

BASE = "http://www.yunxiu.example/zwgk"
COLUMNS = (Column("gb", "政府公报", f"{BASE}/gb/"), Column("jb", "工作简报", f"{BASE}/jb/"))


def url(number, column="gb"):
    return f"{BASE}/{column}/t{number}.html"


def row(number, column="gb", date="", pinned=False, title=""):
    return Row(title or f"第{number}号", url(number, column), date, pinned)


def page(*rows, further=None, **more):
    asks = (Ask(f"{BASE}/{further}"),) if further else ()
    return Listing(tuple(rows), asks, **more)


def known(number, column="gb", **more):
    return Known(url(number, column), f"id{number}", column, **more)


def frontier(errand=None, *, columns=COLUMNS[:1], known_pages=(), pending=(), swept=False, max_pages=100, **changes):
    return Frontier(
        a_source(columns=columns, **changes),
        errand or Errand(),
        known={k.url: k for k in known_pages},
        pending=pending,
        swept={column.id: swept for column in columns},
        first={column.id: Ask(column.url) for column in columns},
        max_pages=max_pages,
    )


def articles(walk):
    """The articles handed out until a list page or nothing comes; and what came then."""
    found = []
    while isinstance(step := walk.next(), ArticleStep):
        found.append(step.seed.url)
    return found, step


def test_a_list_page_then_its_articles_then_the_next_list_page():
    walk = frontier()
    assert walk.next().ask == Ask(f"{BASE}/gb/")
    walk.listed("gb", page(row(1), row(2), further="gb/index_1.html"))
    found, then = articles(walk)
    assert found == [url(1), url(2)]
    assert isinstance(then, ListStep)
    assert then.ask.url.endswith("index_1.html")


def test_nothing_is_handed_out_while_the_answer_that_decides_is_under_way():
    walk = frontier(columns=COLUMNS)
    assert isinstance(walk.next(), ListStep)
    assert walk.next() is None
    assert not walk.done
    walk.listed("gb", page(row(1)))
    assert isinstance(walk.next(), ArticleStep)
    assert walk.next().column.id == "jb"


def test_a_finished_column_stops_after_a_whole_page_without_news():
    walk = frontier(swept=True, known_pages=[known(1), known(2), known(3)])
    walk.next()
    verdict = walk.listed("gb", page(row(1), row(2), further="gb/index_1.html"))
    assert [seed.url for seed in verdict.sighted] == [url(1), url(2)]
    assert verdict.closed
    assert not verdict.opened
    assert walk.next() is None
    assert walk.done


def test_one_new_row_among_known_ones_leads_to_the_next_page():
    walk = frontier(swept=True, known_pages=[known(1)])
    walk.next()
    verdict = walk.listed("gb", page(row(1), row(9), further="gb/index_1.html"))
    assert verdict.opened
    assert articles(walk)[1].ask.url.endswith("index_1.html")


def test_pinned_items_do_not_stop_paging():
    walk = frontier(swept=True, known_pages=[known(1), known(2)])
    walk.next()
    walk.listed("gb", page(row(1, pinned=True), row(2, pinned=True), further="gb/index_1.html"))
    assert walk.next().ask.url.endswith("index_1.html")


def test_an_unfinished_sweep_reads_on_past_known_pages():
    walk = frontier(swept=False, known_pages=[known(1)])
    walk.next()
    walk.listed("gb", page(row(1), further="gb/index_1.html"))
    assert walk.next().ask.url.endswith("index_1.html")
    verdict = walk.listed("gb", page(row(2)))
    assert verdict.closed


def test_the_sweep_is_opened_before_its_first_seed_and_closed_with_the_last_page():
    walk = frontier()
    walk.next()
    first = walk.listed("gb", page(row(1), further="gb/index_1.html"))
    assert (first.opened, first.closed) == (True, False)
    articles(walk)
    last = walk.listed("gb", page(row(2)))
    assert (last.opened, last.closed) == (False, True)


def test_a_changed_entry_is_visited_again_and_counts_as_news():
    walk = frontier(swept=True, known_pages=[known(1, listed_title="旧题", listed_date="2026-03-01")])
    walk.next()
    verdict = walk.listed("gb", page(row(1, title="新题", date="2026-03-01"), further="gb/index_1.html"))
    assert [seed.url for seed in verdict.seeds] == [url(1)]
    assert walk.next().known.document_id == "id1"


def test_another_columns_way_of_writing_a_title_is_no_change():
    walk = frontier(columns=COLUMNS[1:], swept=True, known_pages=[known(1, listed_title="全题")])
    walk.next()
    assert walk.listed("jb", page(row(1, title="全..."))).seeds == ()


def test_full_visits_known_articles_and_reads_every_page():
    walk = frontier(Errand(full=True), swept=True, known_pages=[known(1), known(2)])
    walk.next()
    walk.listed("gb", page(row(1), further="gb/index_1.html"))
    found, then = articles(walk)
    assert found == [url(1)]
    assert isinstance(then, ListStep)


def test_pending_pages_come_first_and_are_no_news():
    walk = frontier(swept=True, pending=[Seed(url(7), "gb")], known_pages=[known(1)])
    assert walk.next().seed.url == url(7)
    walk.next()
    verdict = walk.listed("gb", page(row(7), row(1), further="gb/index_1.html"))
    assert verdict.seeds == ()
    assert verdict.closed


def test_an_entry_in_two_columns_is_fetched_once():
    walk = frontier(columns=COLUMNS)
    walk.next()
    walk.listed("gb", page(row(1)))
    articles(walk)
    verdict = walk.listed("jb", page(row(1), row(2, "jb")))
    assert [seed.url for seed in verdict.seeds] == [url(2, "jb")]
    assert [seed.url for seed in verdict.sighted] == [url(1)]


def test_links_to_other_hosts_are_counted_and_not_followed():
    walk = frontier()
    walk.next()
    verdict = walk.listed("gb", page(Row("外链", "https://mp.weixin.qq.example/s/x"), Row("坏", "http://[/")))
    assert verdict.external == 2
    assert verdict.seeds == ()
    assert walk.next() is None


def test_since_leaves_older_entries_alone_and_stops_behind_them():
    walk = frontier(Errand(since=date(2026, 3, 1)))
    walk.next()
    verdict = walk.listed("gb", page(row(1, date="2026-03-01"), row(2, date="2026-02-28"), further="gb/index_1.html"))
    assert [seed.url for seed in verdict.seeds] == [url(1)]
    articles(walk)
    verdict = walk.listed("gb", page(row(3, date="2026-02-01"), further="gb/index_2.html"))
    assert walk.next() is None
    assert not verdict.closed  # what was skipped is unknown still: the next sweep must not stop at known pages


def test_since_does_not_judge_entries_without_a_date():
    walk = frontier(Errand(since=date(2026, 3, 1)))
    walk.next()
    assert len(walk.listed("gb", page(row(1))).seeds) == 1


def test_limit_counts_articles_and_leaves_the_sweep_open():
    walk = frontier(Errand(limit=2))
    walk.next()
    verdict = walk.listed("gb", page(row(1), row(2), row(3), further="gb/index_1.html"))
    assert len(verdict.seeds) == 3  # remembered as pending
    assert not verdict.closed
    found, then = articles(walk)
    assert (len(found), then) == (2, None)
    assert walk.done


def test_a_dry_run_hands_out_list_pages_only():
    walk = frontier(Errand(dry_run=True, limit=2))
    walk.next()
    verdict = walk.listed("gb", page(row(1), row(2), row(3), further="gb/index_1.html"))
    assert len(verdict.seeds) == 2
    assert walk.next() is None


def test_paging_that_is_ignored_is_said():
    walk = frontier()
    walk.next()
    walk.listed("gb", page(row(1), further="gb/?p=2"))
    articles(walk)
    verdict = walk.listed("gb", page(row(1), further="gb/?p=3"))
    assert verdict.problem[0] == "list_endless"
    assert not verdict.closed
    assert walk.next() is None


def test_a_page_that_is_the_first_whatever_is_asked_for_is_said():
    """It leads on to what was asked for already, as the first page does."""
    walk = frontier()
    walk.next()
    walk.listed("gb", page(row(1), further="gb/index_1.html"))
    articles(walk)
    verdict = walk.listed("gb", page(row(1), further="gb/index_1.html"))
    assert verdict.problem[0] == "list_endless"
    assert not verdict.closed


def test_a_repeated_last_page_is_an_end():
    walk = frontier()
    walk.next()
    walk.listed("gb", page(row(1), further="gb/?p=2"))
    articles(walk)
    walk.listed("gb", page(row(2), further="gb/?p=3"))
    articles(walk)
    verdict = walk.listed("gb", page(row(2), further="gb/?p=4"))
    assert (verdict.problem, verdict.closed) == (None, True)


def test_a_list_that_grows_while_it_is_read_goes_on():
    walk = frontier()
    walk.next()
    walk.listed("gb", page(row(1), row(2), further="gb/?p=2"))
    articles(walk)
    walk.listed("gb", page(row(2), row(1), further="gb/?p=3"))
    assert walk.next().ask.url.endswith("p=3")
    verdict = walk.listed("gb", page(row(3)))
    assert [seed.url for seed in verdict.seeds] == [url(3)]


def test_circles_end():
    walk = frontier()
    walk.next()
    problem = None
    for number in range(20):
        verdict = walk.listed("gb", page(row(number % 2), row(3), further=f"gb/?p={number + 2}"))
        articles(walk)
        problem = problem or verdict.problem
        if walk.done:
            break
    assert walk.done
    assert problem[0] == "list_endless"


def test_an_endless_list_of_ever_new_links_ends_at_the_cap():
    walk = frontier(max_pages=5)
    walk.next()
    for number in range(5):
        verdict = walk.listed("gb", page(row(number), further=f"gb/?p={number + 2}"))
        articles(walk)
    assert verdict.problem[0] == "list_endless"
    assert walk.done


def test_a_columns_own_limit_of_pages_is_no_problem():
    walk = frontier(columns=(Column("gb", "政府公报", f"{BASE}/gb/", max_pages=1),))
    walk.next()
    verdict = walk.listed("gb", page(row(1), further="gb/?p=2"))
    assert verdict.problem is None
    assert articles(walk)[1] is None


def test_the_same_request_is_not_made_twice():
    walk = frontier()
    walk.next()
    walk.listed("gb", page(row(1), further="gb/"))
    assert articles(walk)[1] is None


def test_a_list_page_that_cannot_be_had_ends_its_column_only():
    walk = frontier(columns=COLUMNS)
    walk.next()
    walk.failed("gb")
    assert walk.next().column.id == "jb"


def test_a_total_that_differs_is_noted():
    walk = frontier()
    walk.next()
    verdict = walk.listed("gb", page(row(1), row(2), total=5))
    assert "5" in verdict.notes[0]
    assert "2" in verdict.notes[0]


def test_trouble_of_a_family_is_a_problem():
    walk = frontier()
    walk.next()
    verdict = walk.listed("gb", page(row(1), trouble="the list has 5 pages, but no link to the next"))
    assert verdict.problem[0] == "list_not_paginable"
    assert not verdict.closed


def test_several_requests_make_a_tree():
    walk = frontier()
    walk.next()
    walk.listed("gb", Listing((), (Ask(f"{BASE}/a/"), Ask(f"{BASE}/b/"))))
    assert walk.next().ask.url.endswith("/a/")
    walk.listed("gb", page(row(1)))
    _, then = articles(walk)
    assert then.ask.url.endswith("/b/")


def test_stop_leaves_everything_pending():
    walk = frontier()
    walk.next()
    walk.listed("gb", page(row(1), further="gb/?p=2"))
    walk.stop()
    assert walk.next() is None
    assert walk.done


def test_only_the_columns_asked_for():
    walk = frontier(Errand(columns=("jb",)), columns=COLUMNS)
    assert walk.next().column.id == "jb"
    walk.listed("jb", page())
    assert walk.next() is None
