"""What every test may ask for; the modules named here say how each is made."""

pytest_plugins = ["tests.sockets", "tests.stage", "tests.browser", "tests.cast", "tests.authenticator", "tests.emptying", "tests.postbox"]
