import fc from 'fast-check';
import { sameAddress } from '../../../mail/address';
import type { Address } from '../../../mail/message';
import { type GroupMessage, toReplyAllRecipients } from '../../../mail/outbox';

const at = (address: string, name = ''): Address => ({ name, address });
const ann = at('ann@example.test', 'Ann');
const bob = at('bob@example.test');
const carol = at('carol@example.test');
const us = at('Support@Example.test', 'Support');
const list = at('team@lists.test');

const message = (changes: Partial<GroupMessage>): GroupMessage => ({
	messageId: '<1@x.test>',
	references: [],
	subject: 'Offer',
	from: [ann],
	replyTo: [],
	to: [us],
	cc: [],
	listPost: [],
	...changes,
});
const own = ['support@example.test'];

describe('an answer to all', () => {
	it('goes to the sender, and to the others of To and Cc as a copy', () => {
		expect(toReplyAllRecipients(message({ to: [us, bob], cc: [carol] }), own)).toEqual({
			to: [ann],
			cc: [bob, carol],
		});
	});

	it('goes where the sender asks for answers', () => {
		expect(toReplyAllRecipients(message({ replyTo: [carol], cc: [bob] }), own)).toEqual({
			to: [carol],
			cc: [bob],
		});
	});

	it('goes to nobody twice, however the address is written', () => {
		const to = [us, bob, at('ANN@example.test'), at('"bob"@example.test', 'Bob')];
		expect(toReplyAllRecipients(message({ to, cc: [bob, us] }), own)).toEqual({
			to: [ann],
			cc: [bob],
		});
	});

	it('goes to those who got the mail where it is one of our own', () => {
		expect(toReplyAllRecipients(message({ from: [us], to: [bob], cc: [carol, us] }), own)).toEqual({
			to: [bob],
			cc: [carol],
		});
		expect(toReplyAllRecipients(message({ from: [us] }), own)).toEqual({ to: [], cc: [] });
	});

	it('reaches the author also where a list wants all answers for itself', () => {
		const munged = message({ replyTo: [list], to: [list], listPost: ['TEAM@lists.test'] });
		expect(toReplyAllRecipients(munged, own)).toEqual({ to: [ann], cc: [list] });
		expect(toReplyAllRecipients({ ...munged, to: [us] }, own)).toEqual({ to: [ann], cc: [list] });
		const asked = message({ replyTo: [carol], to: [list], listPost: [list.address] });
		expect(toReplyAllRecipients(asked, own)).toEqual({ to: [carol], cc: [list] });
	});

	it('names each once and never ourselves, for all mails', () => {
		const address = fc.constantFrom(
			ann,
			bob,
			carol,
			us,
			list,
			at('support@example.test'),
			at('A@b.test'),
			at(''),
		);
		const addresses = fc.array(address, { maxLength: 5 });
		fc.assert(
			fc.property(
				fc.record({ from: addresses, replyTo: addresses, to: addresses, cc: addresses }),
				fc.boolean(),
				(fields, isList) => {
					const listPost = isList ? [list.address] : [];
					const { to, cc } = toReplyAllRecipients(message({ ...fields, listPost }), own);
					const all = [...to, ...cc];
					all.forEach((one, index) => {
						expect(sameAddress(one, us)).toBe(false);
						expect(all.findIndex((other) => sameAddress(one, other))).toBe(index);
					});
					for (const one of [...fields.to, ...fields.cc]) {
						const isReached = all.some((other) => sameAddress(one, other));
						expect(isReached || sameAddress(one, us)).toBe(true);
					}
				},
			),
		);
	});

	it('takes no time for a mail to very many', () => {
		const to = Array.from({ length: 20_000 }, (_, index) => at(`a${index}@example.test`));
		const started = performance.now();
		expect(toReplyAllRecipients(message({ to }), own).cc).toHaveLength(20_000);
		expect(performance.now() - started).toBeLessThan(3_000);
	});
});
