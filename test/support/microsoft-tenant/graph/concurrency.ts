import type { AccessToken } from '../sign-in/token-store';
import { GraphError } from './graph-error';

/** https://learn.microsoft.com/graph/throttling-limits: four requests at once per app and mailbox. */
const MAX_AT_ONCE = 4;

/** Counts requests that are being answered, and refuses those above the limit. */
export class Concurrency {
	/** The most that one app ever had open at one mailbox, refused ones included. */
	peak = 0;
	/** Seconds in the Retry-After of a refusal; undefined: no such header. */
	retryAfterSeconds: number | undefined = 1;
	private readonly running = new Map<string, number>();
	private held: Promise<void> | undefined;

	/** Every request waits, once it is in, until the returned function is called: they pile up. */
	hold(): () => void {
		let release = () => {};
		this.held = new Promise((resolve) => {
			release = resolve;
		});
		return () => {
			this.held = undefined;
			release();
		};
	}

	async run<T>(token: AccessToken, mailbox: string, work: () => Promise<T>): Promise<T> {
		const key = `${token.application.clientId} ${mailbox}`;
		const running = (this.running.get(key) ?? 0) + 1;
		this.running.set(key, running);
		this.peak = Math.max(this.peak, running);
		try {
			if (running > MAX_AT_ONCE) throw this.refusal();
			await this.held;
			return await work();
		} finally {
			this.running.set(key, (this.running.get(key) ?? 1) - 1);
		}
	}

	private refusal(): GraphError {
		const seconds = this.retryAfterSeconds;
		return new GraphError(
			429,
			'ApplicationThrottled',
			'Application is over its MailboxConcurrency limit.',
			seconds === undefined ? {} : { 'retry-after': String(seconds) },
		);
	}
}
