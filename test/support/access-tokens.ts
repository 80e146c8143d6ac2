import type { AccessToken, AccessTokens } from '../../mail/access-token';
import { Secret } from '../../mail/secret';

/** Gives the tokens in their order; one that was discarded is followed by the next. */
export class ScriptedTokens implements AccessTokens {
	readonly key = 'scripted';
	readonly discarded: string[] = [];
	/** How often a token was asked for. */
	asked = 0;
	readonly #tokens: readonly AccessToken[];
	#current = 0;

	/** The last one is given for ever, also when it is discarded. */
	constructor(...tokens: ReadonlyArray<string | { token: string; expiresAt: number }>) {
		this.#tokens = tokens.map((entry) =>
			typeof entry === 'string'
				? { token: new Secret(entry) }
				: { token: new Secret(entry.token), expiresAt: entry.expiresAt },
		);
	}

	async get(): Promise<AccessToken> {
		this.asked++;
		const token = this.#tokens[Math.min(this.#current, this.#tokens.length - 1)];
		if (token === undefined) throw new Error('no tokens');
		return await Promise.resolve(token);
	}

	discard(token: Secret): void {
		this.discarded.push(token.reveal());
		this.next();
	}

	/** As a source does by itself when a token has become old. */
	next(): void {
		this.#current++;
	}
}
