import type { INodeProperties } from 'n8n-workflow';
import { mailboxAsPrimary, sentItems } from '../microsoft-graph/sent-items';
import { and, shownWhere } from '../smtp-imap/condition';

type Conditions = Parameters<typeof shownWhere>[0];

export const relay: Conditions = [{ use: ['relay'] }];
export const app: Conditions = [{ use: ['appOnly'] }];
export const appByGraph: Conditions = and(app, { protocol: ['graph'] });
export const appByServers: Conditions = and(app, { protocol: ['imap', 'pop3'] });
const otherCloud = { cloud: ['other'] };
export const anyOtherCloud: Conditions = and(app, otherCloud);
export const otherGraph: Conditions = and(appByGraph, otherCloud);
export const otherServers: Conditions = and(appByServers, otherCloud);
export const certificateUsed: Conditions = [
	{ use: ['relay'], relayAuthentication: ['certificate'] },
	...app,
];

const sending = { useFor: ['outgoing', 'both'] };
/** Graph's certificates are not pinned, nor its connections counted by us. */
const mailServers: Conditions = [...relay, ...appByServers];
const imapCopies: Conditions = and(app, { useFor: ['both'], protocol: ['imap'] });
const sends: Conditions = [...relay, ...and(app, sending)];

/** A field as it is shown where one of the conditions holds. */
type Showing = readonly [Conditions, Partial<INodeProperties>?];

/** Fields that are shown elsewhere, or speak of something else, than those of the SMTP/IMAP connector. */
const showingsOf: Readonly<Record<string, readonly Showing[]>> = {
	primaryAddress: [
		[app, mailboxAsPrimary],
		[
			relay,
			{
				required: true,
				description: 'Who the e-mail is from: an address in a domain of the organization',
			},
		],
	],
	sentCopy: [
		// Only who has the folders of the mailbox can put a copy into one.
		[imapCopies],
		[and(appByGraph, sending), sentItems],
	],
	parallelConnections: [[[...relay, ...and(appByServers, sending)]]],
	pinnedFingerprint: [[mailServers]],
	allowUntrusted: [[mailServers]],
};

/** Fields of the SMTP/IMAP connector, those that depend on its service shown by what this one is used for. */
export function likeSmtpImap(fields: readonly INodeProperties[]): INodeProperties[] {
	const byName = new Map(fields.map((field) => [field.name, field]));
	return [...byName.values()].flatMap(({ displayOptions, ...field }) => {
		const showings = showingsOf[field.name];
		if (showings === undefined) {
			return displayOptions === undefined ? field : shownWhere(sends, [field]);
		}
		return showings.flatMap(([conditions, otherwise]) =>
			shownWhere(conditions, [{ ...field, ...otherwise }]),
		);
	});
}
