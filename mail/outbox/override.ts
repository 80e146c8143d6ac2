import { formatAddress, sameAddress } from '../address';
import type { Connector, Identity, SentCopyPolicy } from '../connector';
import type { Address } from '../message';
import type { OriginalRecipients, OutgoingMessage } from '../outgoing';

/** What an administrator demands of every mail, whoever wrote it. */
export interface OverrideRules {
	/** Absent: as the mail asks. `true`: saved, unless the provider does so by itself. */
	readonly saveToSentItems?: boolean;
	/** Every mail is from the override's connector. */
	readonly forceFrom: boolean;
	/** Not empty: these get every mail, and nobody else does. */
	readonly redirectAllTo: readonly Address[];
	/** They get every mail, too, seen by nobody. */
	readonly bccArchive: readonly Address[];
}

/** The connector that all mail leaves by, and its rules. */
export interface Override extends OverrideRules {
	readonly connector: Connector;
}

/** A message as the rules let it leave. One without recipients stays so: composing refuses it. */
export function overrideMessage(message: OutgoingMessage, override: Override): OutgoingMessage {
	const { forceFrom, redirectAllTo, bccArchive, connector } = override;
	const sender = forceFrom ? withSender(message, connector.identity) : message;
	const redirected = redirectAllTo.length > 0 ? withRecipients(sender, redirectAllTo) : sender;
	return withArchive(redirected, bccArchive);
}

/** Whom a message was for; undefined where the rules leave its recipients alone. */
export function toRedirectedFrom(
	{ to, cc, bcc }: OutgoingMessage,
	{ redirectAllTo }: OverrideRules,
): OriginalRecipients | undefined {
	if (redirectAllTo.length === 0) return undefined;
	return { to: to.map(toText), cc: cc.map(toText), bcc: bcc.map(toText) };
}

/**
 * The policy for the copy in the Sent folder; undefined: the connector's.
 *
 * @param asked by the mail
 */
export function overrideSentCopy(
	asked: SentCopyPolicy | undefined,
	{ saveToSentItems }: OverrideRules,
): SentCopyPolicy | undefined {
	if (saveToSentItems === undefined) return asked;
	return saveToSentItems ? 'automatic' : 'never';
}

/** Answers still reach whoever the mail was from. */
function withSender(
	message: OutgoingMessage,
	{ fromName, fromAddress }: Identity,
): OutgoingMessage {
	const { from, replyTo } = message;
	const keepsAnswers = replyTo.length > 0 || sameAddress(from, fromAddress);
	return {
		...message,
		from: { name: fromName ?? '', address: fromAddress },
		replyTo: keepsAnswers ? replyTo : [from],
	};
}

const originalHeaders = {
	to: 'X-Original-To',
	cc: 'X-Original-Cc',
	bcc: 'X-Original-Bcc',
} as const;

const fields = ['to', 'cc', 'bcc'] as const;

/** More of them would make a header block that servers cut off; the rest is counted. */
const NAMED_RECIPIENTS = 50;

function withRecipients(message: OutgoingMessage, recipients: readonly Address[]): OutgoingMessage {
	if (!hasRecipients(message)) return message;
	const names = new Set(fields.map((field) => originalHeaders[field].toLowerCase()));
	const others = message.headers.filter(({ name }) => !names.has(name.trim().toLowerCase()));
	const originals = fields
		.filter((field) => message[field].length > 0)
		.map((field) => ({ name: originalHeaders[field], value: toHeaderValue(message[field]) }));
	return { ...message, to: recipients, cc: [], bcc: [], headers: [...others, ...originals] };
}

function withArchive(message: OutgoingMessage, archive: readonly Address[]): OutgoingMessage {
	if (!hasRecipients(message)) return message;
	const known = [...message.to, ...message.cc, ...message.bcc];
	const missing = archive.filter((address) => !known.some((one) => sameAddress(one, address)));
	return missing.length === 0 ? message : { ...message, bcc: [...message.bcc, ...missing] };
}

function hasRecipients({ to, cc, bcc }: OutgoingMessage): boolean {
	return to.length + cc.length + bcc.length > 0;
}

function toHeaderValue(addresses: readonly Address[]): string {
	const rest = addresses.length - NAMED_RECIPIENTS;
	const named = addresses.slice(0, NAMED_RECIPIENTS).map(toText);
	return [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}

/** The address alone, in a form that is one address and one line, whatever it was made of. */
function toText({ address }: Address): string {
	return formatAddress({ name: '', address });
}
