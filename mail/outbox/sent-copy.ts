import { accountKey, type Connector, type SentCopyPolicy } from '../connector';
import { SELF_FILING_ACCOUNTS, SELF_FILING_LOOKS_MS } from '../limits';
import type { SentFolder } from '../ports';
import { isInSentFolder } from './sent-search';

interface Keeper {
	readonly outgoing: RegExp;
	/** Where its Sent folder is read. */
	readonly incoming: RegExp;
	readonly provider: string;
}

/** Outgoing servers that put every mail into the Sent folder themselves: a copy of ours would be the second. */
const keepers: readonly Keeper[] = [
	{
		// Google Workspace's relay, smtp-relay.gmail.com, keeps nothing: it belongs to no mailbox.
		outgoing: /^smtp\.(gmail|googlemail)\.com$/,
		incoming: /^imap\.(gmail|googlemail)\.com$/,
		provider: 'Gmail',
	},
	{
		outgoing:
			/^(smtp\.office365\.(com|us)|smtp-legacy\.office365\.com|smtp\.partner\.outlook\.cn)$/,
		incoming: /^(outlook\.office365\.(com|us)|outlook\.office\.com|partner\.outlook\.cn)$/,
		provider: 'Microsoft 365',
	},
	{
		outgoing: /^smtp-mail\.outlook\.com$/,
		incoming: /^(imap-mail\.outlook\.com|outlook\.office365\.com)$/,
		provider: 'Outlook.com',
	},
];

/** The reason why no copy is made; undefined: one is made. */
export function reasonAgainstSentCopy(
	connector: Connector,
	policy: SentCopyPolicy,
): string | undefined {
	if (policy === 'never') return 'Saving to the Sent folder is switched off';
	if (connector.incoming === undefined) {
		return 'The connector has no incoming server, so there is no Sent folder';
	}
	if (connector.incoming.protocol === 'pop3') return 'POP3 mailboxes have no Sent folder';
	if (policy === 'always') return undefined;
	const keeper = keeperOf(connector);
	return keeper && `${keeper.provider} saves sent e-mails by itself`;
}

/**
 * Whether a mail that is not in the connector's Sent folder was certainly not accepted: its provider files every mail
 * there, and the folder is that of the account that sends.
 */
export function provesBySentFolder(connector: Connector): boolean {
	const { incoming, outgoing } = connector;
	const keeper = keeperOf(connector);
	return (
		keeper !== undefined &&
		incoming?.protocol === 'imap' &&
		incoming.additionalMailbox === undefined &&
		keeper.incoming.test(incoming.host.toLowerCase()) &&
		outgoing?.protocol !== 'graph' &&
		incoming.login.user.toLowerCase() === outgoing?.login?.user.toLowerCase()
	);
}

/**
 * Whether the server of an account that is in no table has put the mail into the Sent folder by itself. Looked for once
 * per account and process, after its first mail: a search for every mail would cost more than the copy. The first look
 * of an account decides for all that come meanwhile.
 */
export class SelfFiling {
	readonly #accounts = new Map<string, Promise<boolean>>();

	/** @param pausesMs before each look */
	constructor(readonly pausesMs: readonly number[] = SELF_FILING_LOOKS_MS) {}

	/** Never throws: where nobody can look, the copy will tell why. */
	async filed(
		connector: Connector,
		sentFolder: SentFolder,
		messageId: string,
		signal?: AbortSignal,
	): Promise<boolean> {
		if (connector.incoming === undefined) return false;
		const key = `${accountKey(connector.incoming)} ${hostOf(connector)}`;
		const known = this.#accounts.get(key);
		if (known !== undefined) return await known.catch(() => false);
		const looking = isInSentFolder(sentFolder, messageId, this.pausesMs, signal);
		this.#accounts.set(key, looking);
		if (this.#accounts.size > SELF_FILING_ACCOUNTS) this.#forgetOldest();
		try {
			return await looking;
		} catch {
			this.#accounts.delete(key);
			return false;
		}
	}

	#forgetOldest(): void {
		for (const key of this.#accounts.keys()) {
			this.#accounts.delete(key);
			return;
		}
	}
}

/** What this process has learned. */
export const selfFiling = new SelfFiling();

function keeperOf(connector: Connector): Keeper | undefined {
	const host = hostOf(connector);
	return keepers.find((candidate) => candidate.outgoing.test(host));
}

function hostOf({ outgoing }: Connector): string {
	return outgoing === undefined || outgoing.protocol === 'graph' ? '' : outgoing.host.toLowerCase();
}
