import { MailError } from '../errors';
import type { MailboxDriver, MailboxSession } from '../ports';
import { toRenewalTime } from './renewal';
import { joinSession } from './session-member';
import { SharedSession } from './shared-session';

/** A connection that is being opened, or is open. */
interface Opening {
	readonly shared: Promise<SharedSession>;
	readonly cancel: AbortController;
	/** Those who want it and do not have it yet. */
	waiting: number;
	/** From then on whoever comes wants a new sign-in, ms since 1970. */
	joinUntil: number;
}

const openings = new Map<string, Opening>();

/**
 * A driver whose sessions share one connection per folder within this process: servers allow an account only few
 * connections. Only for sources whose UIDs are the server's own.
 *
 * @param accessKey the same for those who may use each other's connection: server, account, credentials
 */
export function shareMailbox(accessKey: string, driver: MailboxDriver): MailboxDriver {
	return {
		abilities: driver.abilities,
		listFolders: async (signal) => await driver.listFolders(signal),
		openFolder: async (path, signal) => {
			const key = JSON.stringify([accessKey, path]);
			const opening = openings.get(key);
			const lasts = opening !== undefined && Date.now() < opening.joinUntil;
			return await join(lasts ? opening : open(key, path, driver), signal, path);
		},
	};
}

function open(key: string, path: string, driver: MailboxDriver): Opening {
	const cancel = new AbortController();
	const forget = () => {
		if (openings.get(key) === opening) openings.delete(key);
	};
	const shared = driver.openFolder(path, cancel.signal).then((session) => {
		if (session.signIn !== undefined) opening.joinUntil = toRenewalTime(session.signIn);
		return new SharedSession(session, forget);
	});
	const opening: Opening = { shared, cancel, waiting: 0, joinUntil: Infinity };
	openings.set(key, opening);
	shared.catch(forget);
	return opening;
}

async function join(opening: Opening, signal: AbortSignal, path: string): Promise<MailboxSession> {
	opening.waiting++;
	try {
		return await joinSession(await unlessAborted(opening.shared, signal, path));
	} finally {
		opening.waiting--;
		// Whoever gave up was the last one who wanted it.
		if (signal.aborted && opening.waiting === 0) void abandon(opening);
	}
}

/** Ends an opening that nobody waits for any more; one that others have joined meanwhile goes on. */
async function abandon({ shared, cancel }: Opening): Promise<void> {
	cancel.abort();
	try {
		await (await shared).closeIfUnused();
	} catch {
		// It failed, as it was meant to.
	}
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, path: string): Promise<T> {
	let onAbort: () => void = () => undefined;
	const aborted = new Promise<never>((_resolve, reject) => {
		onAbort = () =>
			reject(
				new MailError('connection.lost', { subject: `folder "${path}"`, cause: signal.reason }),
			);
		signal.addEventListener('abort', onAbort, { once: true });
	});
	if (signal.aborted) onAbort();
	try {
		return await Promise.race([work, aborted]);
	} finally {
		signal.removeEventListener('abort', onAbort);
	}
}
