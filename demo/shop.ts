import type { MailServerOptions } from './mail-server/mail-server';

/** The shop of the demo. All names end in `.example`, which nobody can register (RFC 2606, section 2). */

export const SUPPORT = 'support@shop.example';
export const BILLING = 'billing@shop.example';
/** Lands in the support mailbox too. */
export const RETURNS_ALIAS = 'returns@shop.example';
/** Takes what the shop answers, whoever the customer is. */
export const CUSTOMERS = 'everybody@customers.example';

export const shopMailboxes = {
	accounts: [
		{ user: SUPPORT, password: 'support-password', aliases: [RETURNS_ALIAS] },
		{ user: BILLING, password: 'billing-password' },
	],
	world: { user: CUSTOMERS, password: 'customers-password' },
} as const satisfies MailServerOptions;
