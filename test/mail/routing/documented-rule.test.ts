import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageHead } from '../../../mail/message';
import type { RoutedBody, Rule } from '../../../mail/routing/route';
import { createRouter } from '../../../mail/routing/router';
import { ruleFieldTexts } from '../../../mail/routing/rule-field-text';
import { readCorpus, readFacts } from '../../support/parsed-mail';
import { addresses, attachment, createHead } from './head';
import { route } from './settings';

const documented = readFileSync(join(__dirname, '../../../docs/routing.md'), 'utf8');

/** Examples by rule, as the table of the documentation has them. */
const rows = new Map(
	[...documented.matchAll(/^\| ([A-Z][^|]*?) +\| [^|]* \| ([^|]*?) +\|$/gm)]
		.map(([, label = '', examples = '']): [string, string[]] => [label, examples.split(' · ')])
		.filter(([label]) => ruleFieldTexts.some((rule) => rule.label === label)),
);

interface Example {
	/** As the documentation words it. */
	readonly words: string;
	readonly rule: Partial<Rule> & Pick<Rule, 'field'>;
	readonly fits: Mail;
	readonly misses: Mail;
}

type Mail = Partial<MessageHead> & Partial<RoutedBody>;

const companies = ['Contoso', 'Fabrikam'].map((name) => ({
	name,
	domains: `${name.toLowerCase()}.example`,
	addresses: '',
}));

const headers = (name: string, value: string): Mail => ({ headers: new Map([[name, [value]]]) });
const verdict = (words: string): Mail => headers('authentication-results', `mx.test; ${words}`);
const file = (fileName: string, mimeType = 'application/octet-stream'): Mail => ({
	attachments: [attachment({ fileName, mimeType })],
});
const from = (address: string): Mail => ({ from: addresses(address) });

/** What a mail of the corpus says to programs, with the customer's domain of the documentation. */
function corpus(name: string): Mail {
	const source = readCorpus(name)
		.toString('latin1')
		.replaceAll('customer.test', 'customer.example');
	return { facts: readFacts(Buffer.from(source, 'latin1')) };
}

const examples: readonly Example[] = [
	{
		words: 'contains `invoice; bill`',
		rule: { field: 'attachmentName', value: 'invoice; bill' },
		fits: file('Your BILL.pdf'),
		misses: file('order.pdf'),
	},
	{
		words: 'matches `^INV-[0-9]+`',
		rule: { field: 'attachmentName', operator: 'matches', value: '^INV-[0-9]+' },
		fits: file('inv-47.pdf'),
		misses: file('my INV-47.pdf'),
	},
	{
		words: '`.pdf; .docx`',
		rule: { field: 'attachmentType', value: '.pdf; .docx' },
		fits: file('a.DOCX'),
		misses: file('a.pdf.exe'),
	},
	{
		words: '`image/*`',
		rule: { field: 'attachmentType', value: 'image/*' },
		fits: file('a', 'image/png'),
		misses: file('a.png'),
	},
	{
		words: 'DMARC Failed',
		rule: { field: 'authentication', value: 'dmarc=fail' },
		fits: verdict('dmarc=fail'),
		misses: verdict('dmarc=pass'),
	},
	{
		words: 'SPF Failed, DKIM Failed',
		rule: { field: 'authentication', value: 'spf=fail; dkim=fail' },
		fits: verdict('spf=pass; dkim=fail'),
		misses: verdict('dmarc=fail'),
	},
	{
		words: 'status `permanent`',
		rule: { field: 'bounce', value: 'permanent' },
		fits: corpus('bounce/postfix'),
		misses: corpus('bounce/postfix-delayed'),
	},
	{
		words: 'status `4.2.2; 5.7`',
		rule: { field: 'bounce', operator: 'status', value: '4.2.2; 5.7' },
		fits: corpus('bounce/exim'),
		misses: corpus('bounce/postfix'),
	},
	{
		words: 'address `*@customer.example`',
		rule: { field: 'bounce', operator: 'address', value: '*@customer.example' },
		fits: corpus('bounce/qmail'),
		misses: corpus('bounce/international'),
	},
	{
		words: 'Request',
		rule: { field: 'calendar', value: 'request' },
		fits: corpus('invitation/outlook'),
		misses: corpus('invitation/cancel'),
	},
	{
		words: 'Cancelled',
		rule: { field: 'calendar', value: 'cancel' },
		fits: corpus('invitation/cancel'),
		misses: corpus('invitation/reply'),
	},
	{
		words: 'Accepted, Tentative',
		rule: { field: 'calendar', value: 'accepted; tentative' },
		fits: corpus('invitation/reply'),
		misses: corpus('invitation/outlook'),
	},
	{
		words: '`X-Priority` is `1`',
		rule: { field: 'header', header: 'X-Priority', operator: 'is', value: '1' },
		fits: headers('x-priority', '1'),
		misses: headers('x-priority', '11'),
	},
	{
		words: '`List-Id` contains `announce`',
		rule: { field: 'header', header: 'List-Id', value: 'announce' },
		fits: headers('list-id', '<Announce.example.org>'),
		misses: headers('list-post', 'announce'),
	},
	{
		words: 'important',
		rule: { field: 'importance' },
		fits: { importance: 'high' },
		misses: { importance: 'low' },
	},
	{
		words: 'negated: not important',
		rule: { field: 'importance', negate: true },
		fits: { importance: 'normal' },
		misses: { importance: 'high' },
	},
	{
		words: 'Bounce',
		rule: { field: 'kind', value: 'bounce' },
		fits: headers('x-failed-recipients', 'a@b.test'),
		misses: headers('auto-submitted', 'auto-replied'),
	},
	{
		words: 'Out of Office, Automatic',
		rule: { field: 'kind', value: 'outOfOffice; automatic' },
		fits: headers('auto-submitted', 'auto-generated'),
		misses: headers('auto-submitted', 'no'),
	},
	{
		words: '`unread`',
		rule: { field: 'mark', value: 'unread' },
		fits: { flags: ['\\Flagged'] },
		misses: { flags: ['\\Seen'] },
	},
	{
		words: '`flagged; $Important`',
		rule: { field: 'mark', value: 'flagged; $Important' },
		fits: { flags: ['$important', '\\Seen'] },
		misses: { flags: ['\\Seen'] },
	},
	{
		words: '`support@example.com`',
		rule: { field: 'recipient', value: 'support@example.com' },
		fits: { to: [], cc: addresses('Support@EXAMPLE.com') },
		misses: headers('delivered-to', 'support@example.com'),
	},
	{
		words: 'delivered to `*@sales.example.com`',
		rule: { field: 'recipient', operator: 'delivered', value: '*@sales.example.com' },
		fits: headers('x-original-to', 'ann@sales.example.com'),
		misses: { to: addresses('ann@sales.example.com') },
	},
	{
		words: '`ann@example.org`',
		rule: { field: 'sender', value: 'ann@example.org' },
		fits: from('Ann@Example.org'),
		misses: from('ann+news@example.org'),
	},
	{
		words: '`*@example.org; *@*.example.org`',
		rule: { field: 'sender', value: '*@example.org; *@*.example.org' },
		fits: from('bob@a.b.example.org'),
		misses: from('bob@notexample.org'),
	},
	{
		words: '`Contoso`',
		rule: { field: 'company', value: 'Contoso' },
		fits: from('x@shop.contoso.example'),
		misses: from('x@fabrikam.example'),
	},
	{
		words: '`Contoso; Fabrikam`',
		rule: { field: 'company', value: 'Contoso; Fabrikam' },
		fits: from('x@fabrikam.example'),
		misses: { from: [{ name: 'x@fabrikam.example', address: 'x@other.example' }] },
	},
	{
		words: 'larger than `5000`',
		rule: { field: 'size', operator: 'larger', value: '5000' },
		fits: { sizeBytes: 5_000 * 1024 + 1 },
		misses: { sizeBytes: 5_000 * 1024 },
	},
	{
		words: 'smaller than `1`',
		rule: { field: 'size', operator: 'smaller', value: '1' },
		fits: { sizeBytes: 1023 },
		misses: { sizeBytes: 1024 },
	},
	{
		words: 'contains `invoice; payment reminder`',
		rule: { field: 'subject', value: 'invoice; payment reminder' },
		fits: { subject: 'A Payment\u00a0 Reminder' },
		misses: { subject: 'A reminder of your payment' },
	},
	{
		words: 'matches `order #(?P<order>[0-9]+)`',
		rule: { field: 'subject', operator: 'matches', value: 'order #(?P<order>[0-9]+)' },
		fits: { subject: 'Re: Order #4711' },
		misses: { subject: 'Order # 4711' },
	},
	{
		words: 'contains `cancel my order`',
		rule: { field: 'body', value: 'cancel my order' },
		fits: { text: 'Please cancel\nmy order.' },
		misses: { subject: 'Cancel my order' },
	},
	{
		words: 'ends with `sent from my phone`',
		rule: { field: 'body', operator: 'endsWith', value: 'sent from my phone' },
		fits: { text: 'Yes.\n\nSent from my phone\n' },
		misses: { text: 'Sent from my phone, yes.' },
	},
];

const labelOf = new Map(ruleFieldTexts.map(({ field, label }) => [field, label]));

function takes({ rule }: Example, { text = '', facts, ...head }: Mail): boolean {
	const router = createRouter({
		routes: [route({ rules: [{ value: '', ...rule }] })],
		companies,
		mode: 'first',
		trustedServers: ['mx.test'],
	});
	return router.decide(createHead(head), { text, facts }).matches.length > 0;
}

describe('The documentation of the rules', () => {
	test('has a row for each kind of rule, with two examples', () => {
		expect([...rows.keys()].sort()).toEqual([...labelOf.values()].sort());
		for (const row of rows.values()) expect(row.length).toBeGreaterThanOrEqual(2);
	});

	test('has the examples that are tried here, and no others', () => {
		for (const { field, label } of ruleFieldTexts) {
			const tried = examples.filter(({ rule }) => rule.field === field);
			expect([label, tried.map(({ words }) => words)]).toEqual([label, rows.get(label)]);
		}
	});

	test.each(examples)('$rule.field $words does what it says', (example) => {
		expect(takes(example, example.fits)).toBe(true);
		expect(takes(example, example.misses)).toBe(false);
	});
});
