import type { INodeProperties } from 'n8n-workflow';
import { shownWhere } from '../smtp-imap/condition';
import { identityFields } from '../smtp-imap/identity';
import { limitFields } from '../smtp-imap/limit';
import { tlsFields } from '../smtp-imap/tls';
import { mailboxAsPrimary, sentItems } from './sent-items';

const sends: Parameters<typeof shownWhere>[0] = [{ useFor: ['outgoing', 'both'] }];

/** The service is Microsoft's: its certificates are not pinned, nor its connections counted by us. */
const leftOut: ReadonlySet<string> = new Set([
	'parallelConnections',
	'pinnedFingerprint',
	'allowUntrusted',
]);

/** What Exchange does by itself, and what another connector does not know. */
const otherwise: Readonly<Record<string, Partial<INodeProperties>>> = {
	primaryAddress: mailboxAsPrimary,
	sentCopy: sentItems,
};

/** Fields of the SMTP/IMAP connector, those that depend on its service shown by what this one is used for. */
export const commonFields: INodeProperties[] = [
	...new Map(
		[...identityFields, ...limitFields, ...tlsFields.filter(isAlwaysShown)].map((field) => [
			field.name,
			{ ...field, ...otherwise[field.name] },
		]),
	).values(),
]
	.filter(({ name }) => !leftOut.has(name))
	.flatMap(({ displayOptions, ...field }) =>
		displayOptions === undefined ? field : shownWhere(sends, [field]),
	);

function isAlwaysShown({ displayOptions }: INodeProperties): boolean {
	return displayOptions === undefined;
}
