import { MailError } from '../../../mail/errors';
import { SENT_MEMORY_MS } from '../../../mail/limits';
import { SentRegister } from '../../../mail/outbox';
import type { SendOutcome } from '../../../mail/outgoing';

afterEach(() => void jest.useRealTimers());

function outcome(recipients = 1): SendOutcome {
	return {
		messageId: '<1@example.test>',
		accepted: Array.from({ length: recipients }, (_, index) => `r${index}@example.test`),
		rejected: [],
		response: '250 ok',
		sizeBytes: 1,
		sentCopy: { status: 'skipped', reason: 'none' },
	};
}

describe('the register of sent mails', () => {
	it('answers a second try with the first outcome, and says so', async () => {
		const register = new SentRegister();
		const send = jest.fn(async () => await Promise.resolve(outcome()));
		expect(await register.once('a', send)).toEqual(outcome());
		expect(await register.once('a', send)).toEqual({ ...outcome(), alreadySent: true });
		expect(await register.once('b', send)).toEqual(outcome());
		expect(send).toHaveBeenCalledTimes(2);
	});

	it('waits for a send that is under way', async () => {
		const register = new SentRegister();
		let finish: (value: SendOutcome) => void = () => undefined;
		const first = register.once('a', () => new Promise((resolve) => (finish = resolve)));
		const send = jest.fn(async () => await Promise.resolve(outcome()));
		const second = register.once('a', send);
		finish(outcome());
		await first;
		expect(await second).toHaveProperty('alreadySent', true);
		expect(send).not.toHaveBeenCalled();
	});

	it('lets a mail be sent again that was certainly not accepted', async () => {
		const register = new SentRegister();
		const refused = new MailError('recipient.rejected');
		await expect(register.once('a', () => Promise.reject(refused))).rejects.toBe(refused);
		const second = await register.once('a', async () => await Promise.resolve(outcome()));
		expect(second.alreadySent).toBeUndefined();
	});

	it('hands on that the fate of a mail is uncertain', async () => {
		const register = new SentRegister();
		const lost = new MailError('send.uncertain');
		await expect(register.once('a', () => Promise.reject(lost))).rejects.toBe(lost);
		const send = jest.fn(() => Promise.reject(lost));
		await expect(register.once('a', send)).rejects.toBe(lost);
		expect(send).toHaveBeenCalledWith(lost);
	});

	it('forgets after a time', async () => {
		jest.useFakeTimers();
		const register = new SentRegister();
		const send = jest.fn(async () => await Promise.resolve(outcome()));
		await register.once('a', send);
		jest.setSystemTime(Date.now() + SENT_MEMORY_MS + 1);
		await register.once('b', send);
		await register.once('a', send);
		expect(send).toHaveBeenCalledTimes(3);
	});

	it('forgets the oldest where it has become too much', async () => {
		const register = new SentRegister();
		for (let index = 0; index < 150; index++) {
			await register.once(`${index}`, async () => await Promise.resolve(outcome(1_000)));
		}
		const send = jest.fn(async () => await Promise.resolve(outcome()));
		await register.once('0', send);
		expect(send).toHaveBeenCalledTimes(1);
		await register.once('149', send);
		expect(send).toHaveBeenCalledTimes(1);
	});
});
