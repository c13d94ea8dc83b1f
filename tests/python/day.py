"""A bot's day in sixteen actions, told the same way by every Python client.

Usage: drive_X.py HOST PORT CLIENT_ID MAX_VERSION SYMBOL ACTION… (MAX_VERSION 0: the client's own).
Prints one JSON object for each action: its name, whether the client saw what it promises its
users, and what it saw. Knows nothing of Gatehouse.
"""

import json
import sys
import time

# Longest wait for anything that the other side has to do.
PATIENCE = 15.0

# A careful bot's own bound on orders, with room for a machine that delays some of them.
ORDERS, WINDOW = 4, 1.5

# Quantities, and prices as a share of the ask; far below it an order rests.
RESTING = (5, 0.90)
CHANGED = (4, 0.89)
FILLING = (2, 1.005)
BRACKET = (3, 0.91, 1.05, 0.85)
LEFT_OPEN = (6, 0.92)
TOO_LARGE = 50_000

# What an account must be able to say of itself, and more than nothing of each.
WORTH = ("NetLiquidation", "BuyingPower", "AvailableFunds")


class Unseen(Exception):
    """What the client had to see did not come."""


def price(ask, share):
    return round(ask * share, 2)


class Pace:
    """Holds a bot to its own bound on orders."""

    def __init__(self):
        self.sent = []

    def take(self, pause=time.sleep):
        now = time.monotonic()
        self.sent = [at for at in self.sent if now - at < WINDOW]
        if len(self.sent) >= ORDERS:
            pause(WINDOW - (now - self.sent[0]))
        self.sent.append(time.monotonic())


def run(make_bot):
    host, port, client_id, max_version, symbol, *actions = sys.argv[1:]
    bot = make_bot(host, int(port), int(client_id), int(max_version), symbol)
    for action in actions:
        try:
            saw, ok = getattr(bot, action.replace("-", "_"))(), True
        except Exception as error:  # Whatever a client raises is the outcome of the action.
            saw, ok = f"{type(error).__name__}: {error}", False
        print(json.dumps({"action": action, "ok": ok, "saw": str(saw)}), flush=True)
    bot.leave()
