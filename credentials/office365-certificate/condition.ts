import type { INodeProperties } from 'n8n-workflow';
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
const conditionsOf: Readonly<Record<string, Conditions>> = {
	/** Only who has the folders of the mailbox can put a copy into one; by Graph the server does it. */
	sentCopy: and(app, { useFor: ['both'], protocol: ['imap'] }),
	parallelConnections: [...relay, ...and(appByServers, sending)],
	pinnedFingerprint: mailServers,
	allowUntrusted: mailServers,
};
const sends: Conditions = [...relay, ...and(app, sending)];

/** Fields of the SMTP/IMAP connector, those that depend on its service shown by what this one is used for. */
export function likeSmtpImap(fields: readonly INodeProperties[]): INodeProperties[] {
	const byName = new Map(fields.map((field) => [field.name, field]));
	return [...byName.values()].flatMap(({ displayOptions, ...field }) => {
		const own = conditionsOf[field.name];
		if (own !== undefined) return shownWhere(own, [field]);
		return displayOptions === undefined ? field : shownWhere(sends, [field]);
	});
}
