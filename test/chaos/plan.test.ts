import { toMail } from '../../chaos/mail';
import { toPlan } from '../../chaos/plan';
import { isPoison } from '../../chaos/poison';

const mailsOf = (seed: number, seconds: number) =>
	toPlan(seed, seconds).mails.flatMap(({ batch }) => batch);

describe('the plan of a fault run', () => {
	it('is the same for the same seed, and another for another', () => {
		expect(toPlan(7, 120)).toEqual(toPlan(7, 120));
		expect(toPlan(8, 120)).not.toEqual(toPlan(7, 120));
	});

	it('gives each mail an id of its own, which stands in its header and subject', () => {
		const mails = mailsOf(3, 60);
		expect(new Set(mails.map(({ id }) => id)).size).toBe(mails.length);
		for (const mail of mails) {
			const header = toMail(mail).toString('latin1').slice(0, 1000);
			expect(header).toContain(`X-Chaos-Id: ${mail.id}\r\n`);
			expect(header).toMatch(new RegExp(`^Subject: ${mail.id}\\b`, 'm'));
		}
	});

	it('has every kind of fault early, and begins none when the time is nearly over', () => {
		for (const seed of [1, 2, 3, 4, 5]) {
			const { network, server, kills, mails } = toPlan(seed, 150);
			expect(new Set(network.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(4);
			expect(server.length).toBeGreaterThanOrEqual(2);
			expect(new Set(server.map(({ kind }) => kind))).toEqual(new Set(['restart', 'rebuild']));
			expect(kills.length).toBeGreaterThanOrEqual(3);
			expect(mails.some(({ batch }) => batch.length >= 50)).toBe(true);
			expect(mails.some(({ batch }) => batch.some(({ form }) => isPoison(form)))).toBe(true);
			for (const { atMs } of [...network, ...server]) expect(atMs).toBeLessThan(145_000);
		}
	});

	it('lists each subject in order of time', () => {
		const plan = toPlan(11, 300);
		for (const events of [plan.mails, plan.network, plan.server]) {
			const times = events.map(({ atMs }) => atMs);
			expect(times).toEqual([...times].sort((a, b) => a - b));
		}
	});

	it('lets some mails share their Message-ID with another, as the copies of a mailing list do', () => {
		const mails = mailsOf(1, 300);
		expect(new Set(mails.map(({ messageId }) => messageId)).size).toBeLessThan(mails.length);
	});
});
