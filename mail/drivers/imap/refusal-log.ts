import type { Logger } from 'imapflow';
import { MailError } from '../../errors';
import { toImapError } from './error';

const ignore = (): void => undefined;

/**
 * Keeps the errors that imapflow does not throw: for STORE, COPY, MOVE, EXPUNGE and NOOP it answers `false`, and hands
 * the error to its logger alone. The logger also keeps imapflow from writing to the console.
 */
export class RefusalLog {
	#last: unknown;

	readonly logger: Logger & { isLevelEnabled(level: string): boolean } = {
		isLevelEnabled: (level) => level === 'warn',
		warn: (entry: unknown) => {
			if (typeof entry === 'object' && entry !== null && 'err' in entry) this.#last = entry.err;
		},
		debug: ignore,
		info: ignore,
		error: ignore,
		fatal: ignore,
	};

	/**
	 * The result of a command; throws MailError where imapflow gave none.
	 * @param subject what the command is about, for the error's message
	 */
	async demand<T>(subject: string, command: Promise<T | false | undefined>): Promise<T> {
		this.#last = undefined;
		const result = await command;
		if (result !== false && result !== undefined) return result;
		const error = this.#last;
		throw error === undefined
			? new MailError('server.protocol', { subject })
			: toImapError(error, subject);
	}
}
