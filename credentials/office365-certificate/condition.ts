import type { INodeProperties } from 'n8n-workflow';
import { shownWhere } from '../smtp-imap/condition';

type Conditions = Parameters<typeof shownWhere>[0];

export const relay: Conditions = [{ use: ['relay'] }];
export const app: Conditions = [{ use: ['appOnly'] }];
export const appReceives: Conditions = [{ use: ['appOnly'], useFor: ['incoming', 'both'] }];
export const otherCloud: Conditions = [{ use: ['appOnly'], cloud: ['other'] }];
export const certificateUsed: Conditions = [
	{ use: ['relay'], relayAuthentication: ['certificate'] },
	...app,
];

const sends: Conditions = [...relay, { use: ['appOnly'], useFor: ['outgoing', 'both'] }];
/** Only who has the folders of the mailbox can put a copy into one. */
const copyPossible: Conditions = [{ use: ['appOnly'], useFor: ['both'], protocol: ['imap'] }];

/** Fields of the SMTP/IMAP connector, those that depend on its service shown by what this one is used for. */
export function likeSmtpImap(fields: readonly INodeProperties[]): INodeProperties[] {
	const byName = new Map(fields.map((field) => [field.name, field]));
	return [...byName.values()].flatMap(({ displayOptions, ...field }) => {
		if (displayOptions === undefined) return field;
		return shownWhere(field.name === 'sentCopy' ? copyPossible : sends, [field]);
	});
}

/** Those that every connector shows. */
export function always(fields: readonly INodeProperties[]): INodeProperties[] {
	return fields.filter(({ displayOptions }) => displayOptions === undefined);
}
