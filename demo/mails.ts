import type { SendMailOptions } from 'nodemailer';
import { deepMail, japaneseMail } from './raw-mails';
import { BILLING, RETURNS_ALIAS, SUPPORT } from './shop';

/** A mail of a customer, and the branch of the workflow that has to answer it. */
export interface DemoMail {
	readonly title: string;
	readonly to: string;
	/** Name of the route, `Fallback` for what no route takes, `Error` for what cannot be read. */
	readonly route: string;
	/** The route itself tells the sender, before any node has worked on the mail. */
	readonly isAcknowledged?: true;
	readonly content: SendMailOptions;
}

/** The smallest file that every PDF reader opens: one empty page. */
const PDF = Buffer.from(
	[
		'%PDF-1.4',
		'1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj',
		'2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj',
		'3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj',
		'trailer<</Root 1 0 R>>',
		'%%EOF',
	].join('\n'),
);

/** One red pixel. */
const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
	'base64',
);

const forwarded = [
	'From: Rosa <rosa@neighbour.example>',
	'To: Carl <carl@customers.example>',
	'Subject: Do they repair bikes?',
	'Date: Fri, 20 Nov 2026 09:00:00 +0100',
	'',
	'Ask the shop, please.',
].join('\r\n');

/** In the order in which they are sent. */
export const demoMails: readonly DemoMail[] = [
	{
		title: 'plain text question',
		to: SUPPORT,
		route: 'Fallback',
		content: {
			from: 'Anna Example <anna@customers.example>',
			subject: 'When are you open?',
			text: 'Hello,\n\nare you open on Saturdays?\n\nAnna',
		},
	},
	{
		title: 'marked as important',
		to: SUPPORT,
		route: 'Urgent',
		content: {
			from: 'Ben Example <ben@customers.example>',
			subject: 'Parcel delivered to the wrong address',
			text: 'Please call me back today.',
			priority: 'high',
		},
	},
	{
		title: 'order with a PDF',
		to: SUPPORT,
		route: 'Orders',
		isAcknowledged: true,
		content: {
			from: 'Carla Example <carla@customers.example>',
			subject: 'Our order 2026-118',
			text: 'The order is attached.',
			attachments: [{ filename: 'order-2026-118.pdf', content: PDF }],
		},
	},
	{
		title: 'order of a program: no acknowledgement',
		to: SUPPORT,
		route: 'Orders',
		content: {
			from: 'Purchasing <purchasing@customers.example>',
			subject: 'Order 2026-119',
			text: 'Made by our purchasing system.',
			headers: { 'Auto-Submitted': 'auto-generated' },
			attachments: [{ filename: 'order-2026-119.pdf', content: PDF }],
		},
	},
	{
		title: 'HTML with a table',
		to: SUPPORT,
		route: 'Returns',
		content: {
			from: 'Dora Example <dora@customers.example>',
			subject: 'RETURN of order 4711',
			html: '<h1>Return</h1><table><tr><td>Item</td><td>Lamp</td></tr></table><p>It does not fit.</p>',
		},
	},
	{
		title: 'umlauts, international domain',
		to: SUPPORT,
		route: 'Returns',
		content: {
			from: 'Jürgen Größe <info@größe.example>',
			subject: 'Rückgabe der Stühle – Maße passen nicht',
			text: 'Guten Tag,\n\ndie Stühle sind zu groß.\n\nJürgen Größe',
		},
	},
	{
		title: 'partner, found by its domain',
		to: SUPPORT,
		route: 'Partners',
		content: {
			from: 'Einkauf <einkauf@bücher-müller.example>',
			subject: 'Lieferplan für Dezember',
			text: 'Anbei die Termine für Dezember.',
		},
	},
	{
		title: 'partner, empty subject',
		to: SUPPORT,
		route: 'Partners',
		content: {
			from: 'Nakamura Logistics <noc@tokyo.nakamura.example>',
			text: 'Container 7 is delayed by one day.',
		},
	},
	{
		title: 'to the alias returns@',
		to: RETURNS_ALIAS,
		route: 'Returns',
		content: {
			from: 'Emil Example <emil@customers.example>',
			subject: 'Wrong size',
			text: 'The shoes are too small.',
		},
	},
	{
		title: 'forwarded as attachment',
		to: SUPPORT,
		route: 'Fallback',
		content: {
			from: 'Carl Example <carl@customers.example>',
			subject: 'Fwd: Do they repair bikes?',
			text: 'See below.',
			attachments: [
				{
					filename: 'question.eml',
					content: forwarded,
					contentType: 'message/rfc822',
					contentDisposition: 'attachment',
				},
			],
		},
	},
	{
		title: 'Japanese, ISO-2022-JP',
		to: SUPPORT,
		route: 'Returns',
		content: { raw: japaneseMail(SUPPORT) },
	},
	{
		title: 'inline image',
		to: SUPPORT,
		route: 'Fallback',
		content: {
			from: 'Flora Example <flora@customers.example>',
			subject: 'Is this the right colour?',
			html: '<p>Like this: <img src="cid:colour@customers.example" alt="red"></p>',
			attachments: [{ filename: 'colour.png', content: PNG, cid: 'colour@customers.example' }],
		},
	},
	{
		title: 'broken: 150 parts inside each other',
		to: SUPPORT,
		route: 'Error',
		content: { raw: deepMail(SUPPORT) },
	},
	{
		title: 'invoice, behind the broken one',
		to: BILLING,
		route: 'Invoices',
		content: {
			from: 'Accounting <accounting@supplier.example>',
			subject: 'Rechnung 2026-0815',
			text: 'Bitte um Zahlung innerhalb von 14 Tagen.',
			attachments: [{ filename: 'RECHNUNG-2026-0815.PDF', content: PDF }],
		},
	},
	{
		title: 'question about a payment',
		to: BILLING,
		route: 'Fallback',
		content: {
			from: 'Gina Example <gina@customers.example>',
			subject: 'Did my transfer arrive?',
			text: 'I paid on Monday.',
		},
	},
];
