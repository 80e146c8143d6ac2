import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { sameAddress } from '../../../mail/address';
import type { Address } from '../../../mail/message';
import {
	composeMessage,
	type Override,
	overrideMessage,
	overrideSentCopy,
	toRedirectedFrom,
} from '../../../mail/outbox';
import type { OutgoingMessage } from '../../../mail/outgoing';
import { outgoingMessage, sendingConnector } from '../../support/sending';

const relay = sendingConnector(
	{ host: 'relay.test', port: 25 },
	{
		name: 'Relay',
		identity: {
			primaryAddress: 'relay@corp.test',
			fromAddress: 'relay@corp.test',
			fromName: 'The Company',
		},
	},
);

function override(rules: Partial<Override> = {}): Override {
	return { connector: relay, forceFrom: false, redirectAllTo: [], bccArchive: [], ...rules };
}

const at = (...addresses: string[]): Address[] =>
	addresses.map((address) => ({ name: '', address }));

describe('an override without rules', () => {
	it('leaves the message as it is', () => {
		const message = outgoingMessage({ bcc: at('b@example.test') });
		expect(overrideMessage(message, override())).toEqual(message);
		expect(toRedirectedFrom(message, override())).toBeUndefined();
	});
});

describe('forceFrom', () => {
	it('sends from the override and has answers go where they would have gone', () => {
		const message = outgoingMessage({ from: { name: 'Ann', address: 'ann@team.test' } });
		expect(overrideMessage(message, override({ forceFrom: true }))).toMatchObject({
			from: { name: 'The Company', address: 'relay@corp.test' },
			replyTo: [{ name: 'Ann', address: 'ann@team.test' }],
		});
	});

	it('keeps a Reply-To that the message has', () => {
		const message = outgoingMessage({ replyTo: at('desk@team.test') });
		const { replyTo } = overrideMessage(message, override({ forceFrom: true }));
		expect(replyTo).toEqual(at('desk@team.test'));
	});

	it('adds no Reply-To that would say the same as From', () => {
		const message = outgoingMessage({ from: { name: 'Other', address: 'Relay@CORP.test' } });
		expect(overrideMessage(message, override({ forceFrom: true }))).toMatchObject({
			from: { name: 'The Company', address: 'relay@corp.test' },
			replyTo: [],
		});
	});
});

describe('redirectAllTo', () => {
	const rules = override({ redirectAllTo: at('qa@corp.test') });
	const message = outgoingMessage({
		to: [{ name: 'Ann', address: 'ann@example.test' }],
		cc: at('carol@example.test', 'dave@example.test'),
		bcc: at('eve@example.test'),
	});

	it('sends to nobody else and names those it was for in headers of its own', async () => {
		const composed = await composeMessage(overrideMessage(message, rules));
		const parsed = await simpleParser(await composeToText(composed.open()));
		await composed.dispose();
		expect(composed.envelope.to).toEqual(['qa@corp.test']);
		expect(parsed.to).toMatchObject({ text: 'qa@corp.test' });
		expect([parsed.cc, parsed.bcc]).toEqual([undefined, undefined]);
		const original = (field: string) => parsed.headers.get(`x-original-${field}`);
		expect(original('to')).toBe('ann@example.test');
		expect(original('cc')).toBe('carol@example.test, dave@example.test');
		expect(original('bcc')).toBe('eve@example.test');
	});

	it('tells for whom the message was', () => {
		expect(toRedirectedFrom(message, rules)).toEqual({
			to: ['ann@example.test'],
			cc: ['carol@example.test', 'dave@example.test'],
			bcc: ['eve@example.test'],
		});
	});

	it('replaces headers of these names that the message brings along', () => {
		const forged = { name: 'x-ORIGINAL-to ', value: 'forged@example.test' };
		const ticket = { name: 'X-Ticket', value: '1' };
		const { headers } = overrideMessage({ ...message, headers: [forged, ticket] }, rules);
		expect(headers.map(({ name }) => name)).toEqual([
			'X-Ticket',
			'X-Original-To',
			'X-Original-Cc',
			'X-Original-Bcc',
		]);
	});

	it('counts recipients that would not fit into a header', () => {
		const many = Array.from({ length: 1000 }, (_, index) => `r${index}@example.test`);
		const { headers } = overrideMessage({ ...message, to: at(...many) }, rules);
		expect(headers[0]?.value).toMatch(/r49@example\.test, and 950 more$/);
		expect(headers[0]?.value).not.toContain('r50@');
	});

	it('does not turn a message without recipients into one', async () => {
		const nobody = overrideMessage({ ...message, to: [], cc: [], bcc: [] }, rules);
		await expect(composeMessage(nobody)).rejects.toMatchObject({ code: 'message.invalid' });
	});
});

describe('bccArchive', () => {
	it('gets every message, seen by nobody', async () => {
		const rules = override({ bccArchive: at('archive@corp.test') });
		const composed = await composeMessage(overrideMessage(outgoingMessage(), rules));
		const sent = await composeToText(composed.open());
		await composed.dispose();
		expect(composed.envelope.to).toEqual(['ann@example.test', 'archive@corp.test']);
		expect(sent).not.toContain('archive@corp.test');
	});

	it('gets one copy where it is a recipient already', () => {
		const rules = override({ bccArchive: at('Archive@corp.test') });
		const message = outgoingMessage({ cc: at('archive@CORP.test') });
		expect(overrideMessage(message, rules).bcc).toEqual([]);
	});

	it('gets redirected messages as well', () => {
		const rules = override({
			bccArchive: at('archive@corp.test'),
			redirectAllTo: at('qa@corp.test'),
		});
		expect(overrideMessage(outgoingMessage(), rules)).toMatchObject({
			to: at('qa@corp.test'),
			bcc: at('archive@corp.test'),
		});
	});

	it('alone is no recipient of a message that has none', async () => {
		const rules = override({ bccArchive: at('archive@corp.test') });
		const nobody = overrideMessage(outgoingMessage({ to: [] }), rules);
		await expect(composeMessage(nobody)).rejects.toMatchObject({ code: 'message.invalid' });
	});
});

describe('saveToSentItems', () => {
	it.each([
		[undefined, undefined, undefined],
		[undefined, 'always', 'always'],
		[true, 'never', 'automatic'],
		[true, undefined, 'automatic'],
		[false, 'always', 'never'],
		[false, undefined, 'never'],
	] as const)('of %s makes of the choice %s the policy %s', (saveToSentItems, asked, policy) => {
		expect(overrideSentCopy(asked, override({ saveToSentItems }))).toBe(policy);
	});
});

const piece = fc.constantFrom(
	...['\r\n', '\n', '\0', ' ', '"', '\\', '<', '>', ',', ';', ':', '@', '(', ')', '=?utf-8?Q?'],
	...['?=', 'Bcc: evil@evil.test', 'RCPT TO:<evil@evil.test>', '\ud800', 'ü', '漢字', 'a.b'],
);
const hostile = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
const address: fc.Arbitrary<Address> = fc.record({
	name: hostile,
	address: fc.oneof(
		fc.constantFrom('ann@example.test', 'grüße@example.test', '"odd @ name"@example.test'),
		hostile.map((text) => `${text}@example.test`),
	),
});
const message: fc.Arbitrary<OutgoingMessage> = fc
	.record({
		from: fc.constant({ name: 'Ann', address: 'ann@team.test' }),
		to: fc.array(address, { maxLength: 3 }),
		cc: fc.array(address, { maxLength: 2 }),
		bcc: fc.array(address, { maxLength: 2 }),
		replyTo: fc.constant([]),
		headers: fc.array(
			fc.record({ name: fc.constantFrom('X-Original-To', 'X-A'), value: hostile }),
			{
				maxLength: 2,
			},
		),
	})
	.map((changes) => outgoingMessage(changes));
const ownAddresses = fc.subarray(at('qa@corp.test', 'ops@corp.test'));
const anyOverride: fc.Arbitrary<Override> = fc
	.record({ forceFrom: fc.boolean(), redirectAllTo: ownAddresses, bccArchive: ownAddresses })
	.map((rules) => override(rules));

async function composeToText(stream: AsyncIterable<unknown>): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
	return Buffer.concat(chunks).toString('latin1');
}

describe('whatever a message holds', () => {
	it('redirected, it leaves for the addresses of the administrator and nobody else', async () => {
		await fc.assert(
			fc.asyncProperty(message, anyOverride, async (hostileMessage, rules) => {
				fc.pre(rules.redirectAllTo.length > 0);
				const own = [...rules.redirectAllTo, ...rules.bccArchive].map(({ address: one }) => one);
				const composed = await composeMessage(overrideMessage(hostileMessage, rules)).catch(
					() => undefined,
				);
				if (composed === undefined) return;
				const text = await composeToText(composed.open());
				await composed.dispose();
				expect(own).toEqual(expect.arrayContaining([...composed.envelope.to]));
				const { to, cc, bcc } = await simpleParser(text);
				const seen = [to, cc, bcc].flat().flatMap((list) => list?.value ?? []);
				expect(own).toEqual(expect.arrayContaining(seen.map((one) => one.address)));
			}),
		);
		// A hundred mails are composed and read again.
	}, 30_000);

	it('the rules hold, and applied twice they are applied once', () => {
		fc.assert(
			fc.property(message, anyOverride, (given, rules) => {
				const once = overrideMessage(given, rules);
				const before = [...given.to, ...given.cc, ...given.bcc];
				const after = [...once.to, ...once.cc, ...once.bcc];
				if (before.length === 0) expect(after).toEqual([]);
				else {
					for (const archive of rules.bccArchive) {
						expect(after.filter((one) => sameAddress(one, archive))).not.toEqual([]);
					}
				}
				if (rules.forceFrom) expect(once.from.address).toBe('relay@corp.test');
				else expect(once.from).toEqual(given.from);
				if (rules.redirectAllTo.length === 0) {
					expect(overrideMessage(once, rules)).toEqual(once);
				}
			}),
		);
	});
});
