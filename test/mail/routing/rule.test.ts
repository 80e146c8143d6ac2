import type { MessageHead } from '../../../mail/message';
import type { Company, RuleField } from '../../../mail/routing/route';
import { createRouter } from '../../../mail/routing/router';
import { addresses, attachment, createHead } from './head';
import { route, rule, settings } from './settings';

/** Why a route with this one rule takes the message; undefined where it does not. */
function reason(
	field: RuleField,
	value: string,
	head: Partial<MessageHead>,
	companies: readonly Company[] = [],
): string | undefined {
	const router = createRouter(settings([route({ rules: [rule(field, value)] })], { companies }));
	return router.decide(createHead(head)).matches[0]?.because.join();
}

describe('The importance rule', () => {
	test('holds for high importance only, whatever stands in its value', () => {
		expect(reason('importance', '', { importance: 'high' })).toBe('importance is high');
		expect(reason('importance', ';;"', { importance: 'high' })).toBe('importance is high');
		expect(reason('importance', '', { importance: 'normal' })).toBeUndefined();
		expect(reason('importance', '', { importance: 'low' })).toBeUndefined();
	});
});

describe('The attachment rule', () => {
	const pdf = attachment({ fileName: 'Invoice 7.PDF', mimeType: 'application/octet-stream' });
	const png = attachment({ fileName: 'logo', mimeType: 'image/png' });

	test.each([['.pdf'], ['pdf'], ['*.pdf'], ['PDF'], ['.docx; .pdf']])(
		'finds an extension written %s',
		(value) => {
			expect(reason('attachmentType', value, { attachments: [png, pdf] })).toMatch(
				/^an attachment is of type "(\.|\*\.)?pdf"$/i,
			);
			expect(reason('attachmentType', value, { attachments: [png] })).toBeUndefined();
		},
	);

	test.each([['image/png'], ['image/*'], ['IMAGE/PNG'], ['*/*']])(
		'finds the MIME type %s',
		(value) => {
			expect(reason('attachmentType', value, { attachments: [png] })).toBe(
				`an attachment is of type "${value}"`,
			);
			expect(reason('attachmentType', value, { attachments: [] })).toBeUndefined();
		},
	);

	test.each([
		['a MIME type that only begins alike', 'image/pn', png],
		['an extension in the middle of the name', '.pdf', attachment({ fileName: 'a.pdf.exe' })],
		['a name without a dot', '.pdf', attachment({ fileName: 'pdf' })],
		['the MIME type where an extension is asked for', 'png', png],
		['another type of the same name', 'application/pdf', pdf],
	])('passes over %s', (_title, value, file) => {
		expect(reason('attachmentType', value, { attachments: [file] })).toBeUndefined();
	});

	test('passes over images inside the text', () => {
		const inline = attachment({ fileName: 'a.pdf', mimeType: 'application/pdf', inline: true });
		expect(
			reason('attachmentType', 'pdf; application/pdf; */*', { attachments: [inline] }),
		).toBeUndefined();
	});

	test('finds double extensions and names with spaces behind', () => {
		const backup = attachment({ fileName: 'backup.1.tar.gz ' });
		expect(reason('attachmentType', 'tar.gz', { attachments: [backup] })).toBeDefined();
		expect(reason('attachmentType', 'gz', { attachments: [backup] })).toBeDefined();
		expect(reason('attachmentType', 'tar', { attachments: [backup] })).toBeUndefined();
	});
});

describe('The subject rule', () => {
	test.each([
		['in any case', 'INVOICE', 'Your invoice 7'],
		['inside a word', 'voic', 'Your invoice 7'],
		['over folded white space', 'payment  reminder', 'Payment\r\n\treminder'],
		['with a semicolon in quotes', '"a; b"', 'x A; B y'],
		['as one of several', 'order; invoice', 'Invoice'],
		['with ß for SS', 'STRASSE', 'Hauptstraße 1'],
		['from a Turkish keyboard', 'FATURANIZ İÇİN', 'faturanız için'],
	])('finds a key word %s', (_title, value, subject) => {
		expect(reason('subject', value, { subject })).toMatch(/^subject contains "/);
	});

	test('names the key word as typed', () => {
		expect(reason('subject', 'order; Invoice', { subject: 'INVOICE' })).toBe(
			'subject contains "Invoice"',
		);
	});

	test.each([
		['another word', 'invoice', 'Hello'],
		['words in another order', 'b a', 'a b'],
		['no subject', 'a', ''],
	])('passes over %s', (_title, value, subject) => {
		expect(reason('subject', value, { subject })).toBeUndefined();
	});
});

describe.each([
	['recipient', 'to'],
	['recipient', 'cc'],
	['recipient', 'bcc'],
	['sender', 'from'],
] as const)('The %s rule looks at %s and', (field, header) => {
	const on = (value: string, ...list: string[]) =>
		reason(field, value, { [header]: addresses(...list) });

	test.each([
		['an address', 'a@b.de', 'a@b.de', 'is'],
		['an address in any case', 'A@B.de', 'a@b.DE', 'is'],
		['a domain', '*@b.de', 'x@B.de', 'matches'],
		['a sub-domain', '*@*.b.de', 'x@y.z.b.de', 'matches'],
		['an international domain by its A-label', '*@müller.de', 'x@xn--mller-kva.de', 'matches'],
		['an A-label by its international domain', '*@xn--mller-kva.de', 'x@MÜLLER.de', 'matches'],
		['an address in an international domain', 'x@müller.de', 'X@xn--mller-kva.de', 'is'],
		['an address literal', '*@[192.0.2.1]', 'x@[192.0.2.1]', 'matches'],
	])('finds %s', (_title, value, address, verb) => {
		expect(on(value, 'other@example.net', address)).toBe(`${field} ${verb} "${value}"`);
		expect(on(`q@q.de; ${value}`, address)).toBe(`${field} ${verb} "${value}"`);
	});

	test.each([
		['a sub-domain for a domain', '*@b.de', 'x@a.b.de'],
		['a domain for its sub-domains', '*@*.b.de', 'x@b.de'],
		['a longer name', '*@*.b.de', 'x@ab.de'],
		['a domain that only begins alike', '*@b.de', 'x@b.de.evil.com'],
		['another user', 'a@b.de', 'aa@b.de'],
		['an address inside the local part', 'a@b.de', 'a@b.de@evil.com'],
		['what is no address', '*@b.de', 'b.de'],
	])('passes over %s', (_title, value, address) => {
		expect(on(value, address)).toBeUndefined();
	});

	test('passes over display names', () => {
		const address = { name: 'a@b.de', address: 'x@evil.com' };
		expect(reason(field, 'a@b.de; *@b.de', { [header]: [address] })).toBeUndefined();
	});
});

describe('The sender rule', () => {
	const sender = addresses('agent@b.de');

	test('looks at Sender only where From is empty', () => {
		expect(reason('sender', '*@b.de', { sender })).toBeUndefined();
		expect(reason('sender', '*@b.de', { from: [], sender })).toBe('sender matches "*@b.de"');
		expect(reason('sender', '*@b.de', { from: addresses(' '), sender })).toBe(
			'sender matches "*@b.de"',
		);
		expect(reason('sender', '*@b.de', { from: addresses('broken'), sender })).toBeUndefined();
	});

	test('never looks at the recipients, nor the recipient rule at the sender', () => {
		expect(reason('sender', '*@b.de', { to: sender, cc: sender, replyTo: sender })).toBeUndefined();
		expect(
			reason('recipient', '*@b.de', { from: sender, sender, replyTo: sender }),
		).toBeUndefined();
	});
});

describe('The company rule', () => {
	const companies: Company[] = [
		{ name: 'Acme', domains: 'acme.com; acme.de', addresses: 'boss@gmail.com' },
		{ name: 'Acme Labs', domains: 'labs.acme.com', addresses: '' },
		{ name: 'Müller; Söhne', domains: 'müller.de', addresses: 'ceo@acme.com' },
	];
	const of = (value: string, address: string) =>
		reason('company', value, { from: addresses(address) }, companies);

	test.each([
		['a domain', 'Acme', 'x@ACME.de'],
		['a sub-domain', 'Acme', 'x@mail.acme.com'],
		['an address', 'Acme', 'Boss@gmail.com'],
		['a longer domain before a shorter one', 'Acme Labs', 'x@a.labs.acme.com'],
		['an address before a domain', '"Müller; Söhne"', 'ceo@acme.com'],
		['an international domain by its A-label', '"Müller; Söhne"', 'x@xn--mller-kva.de'],
		['one of several companies, in any case', '"MÜLLER; SÖHNE"; acme labs; ACME', 'x@acme.com'],
	])('knows the sender by %s', (_title, value, address) => {
		expect(of(value, address)).toMatch(/^company of the sender is "/);
	});

	test.each([
		['another company', 'Acme', 'x@labs.acme.com'],
		['a stranger at the same provider', 'Acme', 'x@gmail.com'],
		['a longer name', 'Acme', 'x@notacme.com'],
		['the company that an address beats', 'Acme', 'ceo@acme.com'],
	])('passes over %s', (_title, value, address) => {
		expect(of(value, address)).toBeUndefined();
	});
});
