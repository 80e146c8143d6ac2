import type { INodeProperties } from 'n8n-workflow';
import { emailServices, isPop3Service, providers } from '../../mail/service-preset';

/** Values that fields must have, one of each list, for another field to be shown. */
type Condition = Readonly<Record<string, ReadonlyArray<string | boolean>>>;

/**
 * Shows the fields where any of the conditions holds. n8n's `displayOptions` know only "and", so that a field stands there
 * once per condition; its name and meaning are the same each time.
 *
 * A condition names every field it depends on: n8n keeps the value of a hidden field, so that "shown" of one field says
 * nothing about another.
 */
export function shownWhere(
	conditions: readonly Condition[],
	fields: readonly INodeProperties[],
): INodeProperties[] {
	return fields.flatMap((field) =>
		conditions.map((condition) => ({
			...field,
			displayOptions: {
				show: Object.fromEntries(
					Object.entries(condition).map(([name, values]) => [name, [...values]]),
				),
			},
		})),
	);
}

/** Narrows each condition. */
export function and(conditions: readonly Condition[], more: Condition): Condition[] {
	return conditions.map((condition) => ({ ...condition, ...more }));
}

const relay = { emailService: ['office365Relay'] };
const receiving = emailServices.filter((service) => service !== 'office365Relay');
const incoming = { useFor: ['incoming', 'both'] };
const outgoing = { useFor: ['outgoing', 'both'] };

export const incomingUsed: Condition[] = [{ emailService: receiving, ...incoming }];
export const outgoingUsed: Condition[] = [{ emailService: receiving, ...outgoing }, relay];
/** Only who has the folders of the mailbox can put a copy into one. */
export const copyPossible: Condition[] = [
	{
		emailService: providers.filter((service) => !isPop3Service(service)),
		useFor: ['both'],
	},
	{ emailService: ['other'], useFor: ['both'], incomingProtocol: ['imap'] },
];

export const incomingByHand: Condition[] = [{ emailService: ['other'], ...incoming }];
export const imapByHand: Condition[] = and(incomingByHand, { incomingProtocol: ['imap'] });
export const pop3ByHand: Condition[] = and(incomingByHand, { incomingProtocol: ['pop3'] });
export const outgoingByHand: Condition[] = [{ emailService: ['other'], ...outgoing }];
export const relayOnly: Condition[] = [relay];

/** The outgoing server wants a password. */
const passwordSends: Condition[] = [
	{ emailService: providers, ...outgoing },
	...and(outgoingByHand, { authentication: ['userPassword'] }),
];

/** An account that both sides may share. */
export const accountUsed: Condition[] = [
	...incomingUsed,
	...and(passwordSends, { useFor: ['outgoing'] }),
];
export const bothSignIn: Condition[] = and(passwordSends, { useFor: ['both'] });
export const ownOutgoingAccount: Condition[] = and(bothSignIn, { sameCredentials: [false] });

/** Sending by certificate needs one; elsewhere it is offered for servers that ask every client for it. */
export const certificateOffered: Condition[] = [
	{ emailService: ['other'], useFor: ['incoming'] },
	...and(outgoingByHand, { authentication: ['none', 'userPassword'] }),
];
export const certificateUsed: Condition[] = [
	...and(outgoingByHand, { authentication: ['certificate'] }),
	...and(relayOnly, { relayAuthentication: ['certificate'] }),
	...and(certificateOffered, { clientCertificate: [true] }),
];
