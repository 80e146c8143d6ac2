import { readFileSync } from 'node:fs';
import path from 'node:path';
import { toMailKinds } from '../../../mail/classify/kind';
import { parseHeaderBlock } from '../../../mail/drivers/mime/header-block';
import { toMessageIds } from '../../../mail/drivers/mime/header-value';
import { attachment, createHead } from '../routing/head';

function kindsOf(fields: Readonly<Record<string, string>>, parts = {}): string[] {
	const headers = new Map(Object.entries(fields).map(([name, value]) => [name, [value]]));
	return [...toMailKinds(createHead({ headers, ...parts }))].filter((kind) => kind !== 'newThread');
}

function kindsOfFile(name: string): string[] {
	const source = readFileSync(path.join(__dirname, '../../corpus', name));
	const headers = parseHeaderBlock(source);
	const references = headers.get('references')?.flatMap(toMessageIds) ?? [];
	const from = [{ name: '', address: headers.get('from')?.[0] ?? '' }];
	const subject = headers.get('subject')?.[0] ?? '';
	return [...toMailKinds(createHead({ headers, references, from, subject }))];
}

describe('What a mail is', () => {
	test.each([
		["Dovecot's vacation", { 'auto-submitted': 'auto-replied (vacation)' }, {}],
		[
			"Exchange's absence note",
			{ 'auto-submitted': 'auto-generated', 'x-auto-response-suppress': 'All' },
			{ subject: 'Automatische Antwort: Ihre Frage' },
		],
		["an older program's note", { precedence: 'auto_reply' }, { subject: 'Out of Office: hi' }],
		['a French one', { 'auto-submitted': 'auto-replied' }, { subject: 'Réponse automatique : ab' }],
	])('somebody is away: %s', (_title, fields, parts) => {
		expect(kindsOf(fields, parts)).toEqual(['automatic', 'outOfOffice']);
	});

	test('a report of a monitor is automatic, and nobody is away', () => {
		expect(kindsOf({ 'auto-submitted': 'auto-generated' }, { subject: 'Disk full' })).toEqual([
			'automatic',
		]);
	});

	test('a person says so, or says nothing', () => {
		expect(kindsOf({ 'auto-submitted': 'no' })).toEqual([]);
		expect(kindsOf({}, { subject: 'Automatic reply: can you set one up?' })).toEqual([]);
	});

	test.each([
		['by its type', { 'content-type': 'multipart/report; report-type=delivery-status' }, {}],
		['by the header of Exim', { 'x-failed-recipients': 'a@b.test' }, {}],
		[
			'by the null sender and its subject',
			{ 'return-path': '<>' },
			{ subject: 'Undeliverable: hello' },
		],
		[
			'by its sender and its subject',
			{},
			{ subject: 'failure notice', from: [{ name: '', address: 'MAILER-DAEMON@mx.test' }] },
		],
		['by a part', {}, { attachments: [attachment({ mimeType: 'message/delivery-status' })] }],
	])('a bounce, %s', (_title, fields, parts) => {
		expect(kindsOf(fields, parts)).toEqual(['automatic', 'bounce']);
	});

	test('a read receipt and a question to the postmaster are no bounces', () => {
		const receipt = 'multipart/report; report-type=disposition-notification';
		expect(kindsOf({ 'content-type': receipt })).toEqual([]);
		const from = [{ name: '', address: 'postmaster@mx.test' }];
		expect(kindsOf({}, { from, subject: 'Our new address' })).toEqual([]);
	});

	test('mail of a list is bulk too, a newsletter is bulk only', () => {
		expect(kindsOf({ 'list-id': '<l.test>' })).toEqual(['mailingList', 'bulk']);
		expect(kindsOf({ precedence: 'list' })).toEqual(['mailingList', 'bulk']);
		expect(kindsOf({ 'list-unsubscribe': '<https://x.test>' })).toEqual(['bulk']);
	});

	test('an invitation, as the mail itself or as a part of it', () => {
		expect(kindsOf({ 'content-type': 'text/calendar; method=REQUEST' })).toEqual([
			'calendarInvitation',
		]);
		const attachments = [attachment({ mimeType: 'text/calendar' })];
		expect(kindsOf({}, { attachments })).toEqual(['calendarInvitation']);
	});

	test('is a reply by what it refers to', () => {
		expect([...toMailKinds(createHead({ inReplyTo: '<a@b>' }))]).toEqual(['reply']);
		expect([...toMailKinds(createHead({ references: ['<a@b>'] }))]).toEqual(['reply']);
		expect([...toMailKinds(createHead({ subject: 'Re: hello' }))]).toEqual(['newThread']);
	});

	test.each([
		['bounce.eml', ['automatic', 'bounce', 'newThread']],
		['list-footer.eml', ['mailingList', 'bulk', 'newThread']],
		['reply-in-thread.eml', ['reply']],
		['plain-utf8.eml', ['newThread']],
	])('is told of %s', (file, kinds) => {
		expect(kindsOfFile(file)).toEqual(kinds);
	});
});
