/** Nothing here waits on purpose; a busy machine may be slow all the same, and a test that hangs still ends. */
jest.setTimeout(90_000);
