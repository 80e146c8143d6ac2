/** A real n8n on a busy machine; the slowest expected step is its fifth attempt to activate, after 15 s. */
jest.setTimeout(240_000);
