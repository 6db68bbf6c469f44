"""A question of a page's script that the server takes late, while what a button sends goes through."""

from __future__ import annotations

from playwright.sync_api import Page, Request, Route


class HeldBack:
    """Holds back the first POST of a page's script; ``order`` tells what the server took, ``script`` or ``button``."""

    def __init__(self, page: Page) -> None:
        self.order: list[str] = []
        self._held: list[Route] = []
        page.route("**/*", self._pass)

    def _pass(self, route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif _is_of_a_script(route.request) and not self._held:
            self._held.append(route)
        else:
            self.order.append("script" if _is_of_a_script(route.request) else "button")
            route.continue_()

    def let_go(self) -> None:
        """The server takes what was held back, whether or not the page is still there to hear of it."""
        (route,) = self._held
        answer = route.fetch()
        self.order.append("script")
        route.fulfill(response=answer)

    def fail(self) -> None:
        """The line breaks before the server hears of what was held back."""
        (route,) = self._held
        route.abort()


def _is_of_a_script(request: Request) -> bool:
    return "x-alur-part" in request.headers
