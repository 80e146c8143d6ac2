import type { Outage, Passage } from '../../chaos/evidence';
import { findLongestSilence } from '../../chaos/silence';

const passage = (startedAt: number, status = 'success'): Passage => ({
	executionId: String(startedAt),
	deliveryId: 'd',
	attempt: 1,
	startedAt,
	endedAt: status === 'success' ? startedAt + 1 : undefined,
	status,
	isRerun: false,
});

function silence(
	mails: Record<string, { at: number; passages: Passage[]; isPoison?: boolean }>,
	rest: { outages?: Outage[]; kills?: number[] } = {},
) {
	return findLongestSilence(
		{
			delivered: Object.entries(mails).map(([id, { at, isPoison = false }]) => ({
				id,
				at,
				isPoison,
			})),
			kills: rest.kills ?? [],
			outages: rest.outages ?? [],
			endedAt: 1000,
		},
		new Map(Object.entries(mails).map(([id, { passages }]) => [id, passages])),
	);
}

describe('the longest silence', () => {
	it('is the longest wait of a mail where nothing else begins meanwhile', () => {
		expect(silence({ a: { at: 100, passages: [passage(130)] } })).toEqual({ ms: 30, from: 100 });
	});

	it('is broken by any execution with mail', () => {
		const mails = {
			a: { at: 100, passages: [passage(300)] },
			b: { at: 150, passages: [passage(240)] },
		};
		expect(silence(mails)).toEqual({ ms: 140, from: 100 });
	});

	it('does not count while no mail waits', () => {
		const mails = {
			a: { at: 100, passages: [passage(110)] },
			b: { at: 900, passages: [passage(905)] },
		};
		expect(silence(mails).ms).toBe(10);
	});

	it('counts from the end of an outage, and only while there is none', () => {
		const outages = [
			{ what: 'freeze', from: 110, to: 300 },
			{ what: 'restart', from: 200, to: 400 },
		];
		expect(silence({ a: { at: 100, passages: [passage(450)] } }, { outages })).toEqual({
			ms: 50,
			from: 400,
		});
	});

	it('lets a mail wait again from the kill that ended its execution', () => {
		const mails = { a: { at: 100, passages: [passage(105, 'crashed'), passage(260)] } };
		const outages = [{ what: 'kill', from: 150, to: 200 }];
		expect(silence(mails, { kills: [150], outages })).toEqual({ ms: 60, from: 200 });
	});

	it('says nothing of mail that may not be readable', () => {
		expect(silence({ a: { at: 100, passages: [passage(800)], isPoison: true } }).ms).toBe(0);
	});

	it('lasts to the end for a mail that never comes', () => {
		expect(silence({ a: { at: 100, passages: [] } })).toEqual({ ms: 900, from: 100 });
	});
});
