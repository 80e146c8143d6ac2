import fc from 'fast-check';
import type { CalendarEvent } from '../../../mail/facts/calendar';
import { readCalendarEvent } from '../../../mail/facts/calendar-event';
import { readComponents } from '../../../mail/facts/calendar-component';
import { toIsoLocal, toIsoOffset, toOffsetMs } from '../../../mail/facts/local-time';
import { findZone } from '../../../mail/facts/time-zone';
import { readTimeZone } from '../../../mail/facts/vtimezone';
import { windowsZones } from '../../../mail/facts/windows-zone';
import { CALENDAR_ATTENDEES } from '../../../mail/limits';
import { parseMail, readCorpus, readFacts } from '../../support/parsed-mail';

/** Work that grows with the square of the length takes half a minute. */
const BUDGET_MS = 3_000;

function eventIn(name: string): CalendarEvent {
	const { calendar } = readFacts(readCorpus(`invitation/${name}`));
	if (calendar === undefined) throw new Error('no calendar');
	return calendar;
}

function eventOf(...lines: string[]): CalendarEvent | undefined {
	const calendar = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR'];
	return readCalendarEvent(calendar.join('\r\n'), false);
}

const timesOf = (...lines: string[]) => {
	const { start, end, timeZone, floating, allDay } = eventOf(...lines) ?? {};
	return { start, end, timeZone, floating, allDay };
};

describe('An invitation', () => {
	test('of Outlook has times with the offset of the zone that Windows names', () => {
		expect(eventIn('outlook')).toEqual({
			method: 'REQUEST',
			uid: '040000008200E00074C5B7101A82E00800000000',
			sequence: 2,
			status: 'CONFIRMED',
			summary: 'Planung, Teil 1',
			location: 'Raum 7; 2. Stock',
			organizer: { name: 'Ada Example', address: 'ada@example.test' },
			start: '2026-12-01T10:00:00+01:00',
			end: '2026-12-01T11:30:00+01:00',
			timeZone: 'Europe/Berlin',
			floating: false,
			allDay: false,
			recurring: false,
			recurrenceRule: '',
			recurrenceId: '',
			attendees: [
				{
					name: 'Support',
					address: 'support@example.test',
					participation: 'NEEDS-ACTION',
					role: 'REQ-PARTICIPANT',
				},
				{
					name: 'Ng; Bill',
					address: 'bill@example.test',
					participation: 'NEEDS-ACTION',
					role: 'OPT-PARTICIPANT',
				},
			],
			reply: null,
			eventCount: 1,
			truncated: false,
		});
	});

	test('whose zone only its own calendar describes has that offset', () => {
		expect(eventIn('outlook-custom-zone')).toMatchObject({
			start: '2026-07-01T10:00:00+02:00',
			timeZone: 'Customized Time Zone',
			floating: false,
		});
	});

	test('of Google to a series tells its rule, and the series and not its exception', () => {
		expect(eventIn('google')).toMatchObject({
			summary: 'Weekly',
			start: '2026-11-09T09:00:00-05:00',
			timeZone: 'America/New_York',
			recurring: true,
			recurrenceRule: 'FREQ=WEEKLY;BYDAY=MO',
			recurrenceId: '',
			eventCount: 2,
		});
	});

	test('of Apple to whole days has days, the end being the first day after them', () => {
		expect(eventIn('apple-all-day')).toMatchObject({
			summary: 'Messe 🎪',
			start: '2026-12-02',
			end: '2026-12-04',
			allDay: true,
			floating: false,
			organizer: { name: 'Ada Example', address: 'ada@example.test' },
		});
	});

	test('that is taken back says so, under the same UID', () => {
		expect(eventIn('cancel')).toMatchObject({
			method: 'CANCEL',
			status: 'CANCELLED',
			sequence: 3,
			uid: eventIn('outlook').uid,
			start: '2026-12-01T09:00:00Z',
			end: '2026-12-01T10:30:00Z',
			timeZone: 'UTC',
		});
	});

	test('that is answered tells who answers, how, and to which event of a series', () => {
		expect(eventIn('reply')).toMatchObject({
			method: 'REPLY',
			reply: { name: 'Bill Ng', address: 'bill+ng@example.test', participation: 'ACCEPTED' },
			recurrenceId: '2026-12-01T10:00:00+01:00',
			timeZone: 'Europe/Paris',
		});
	});

	test('without a zone, or with one that nobody knows, has floating times and says so', () => {
		expect(eventIn('floating')).toMatchObject({
			start: '2026-12-01T07:00:00',
			floating: true,
			timeZone: '',
		});
		expect(eventIn('unknown-zone')).toMatchObject({
			start: '2026-12-01T07:00:00',
			end: '2026-12-01T07:00:00',
			floating: true,
			timeZone: 'Mars/Olympus_Mons',
		});
	});

	test('that is made to hurt is cut down, and no rule of it is followed', () => {
		const event = eventIn('hostile');
		expect(event).toMatchObject({
			method: '',
			start: '',
			end: '',
			sequence: 0,
			summary: 'Bcc: victim@example.test <script>',
			truncated: true,
		});
		expect(event.attendees).toHaveLength(CALENDAR_ATTENDEES);
		expect(event.uid).toHaveLength(1_000);
		expect(event.organizer?.name).toHaveLength(320);
	});

	test('is known by its head; what holds no event has no data', () => {
		const source =
			'From: a@b.test\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n';
		expect(parseMail(source).head.attachments).toHaveLength(1);
		expect(readFacts(source)).toEqual({});
	});
});

describe('Times', () => {
	test.each([
		['the first of two', 'Europe/Berlin:20261025T023000', '2026-10-25T02:30:00+02:00'],
		['before the gap', 'Europe/Berlin:20260329T023000', '2026-03-29T02:30:00+01:00'],
		[
			"a vendor's prefix",
			'/mozilla.org/20050126_1/Europe/Berlin:20260701T120000',
			'2026-07-01T12:00:00+02:00',
		],
		['three parts', '/x.test/America/Argentina/Salta:20260701T120000', '2026-07-01T12:00:00-03:00'],
		['half hours', 'India Standard Time:20260701T120000', '2026-07-01T12:00:00+05:30'],
		['west, in summer', 'pacific standard time:20260701T120000', '2026-07-01T12:00:00-07:00'],
		['UTC by name', 'UTC:20260701T120000', '2026-07-01T12:00:00+00:00'],
	])('in a zone: %s', (_title, given, start) => {
		expect(timesOf(`DTSTART;TZID=${given}`)).toMatchObject({ start, floating: false });
	});

	test.each([
		[
			'hours that pass, in the night in which the clocks are set',
			'PT10H',
			'2026-10-25T07:00:00+01:00',
		],
		['a week', 'P1W', '2026-10-31T22:00:00+01:00'],
		['a negative one is none', '-PT1H', '2026-10-24T22:00:00+02:00'],
	])('a duration: %s', (_title, duration, end) => {
		const times = timesOf('DTSTART;TZID=Europe/Berlin:20261024T220000', `DURATION:${duration}`);
		expect(times.end).toBe(end);
	});

	test('an end that no calendar has any more is not told', () => {
		expect(timesOf('DTSTART:99991231T120000Z', 'DURATION:P99999D').end).toBe('');
	});

	test('a day without an end is one day', () => {
		expect(timesOf('DTSTART;VALUE=DATE:20261231')).toMatchObject({
			start: '2026-12-31',
			end: '2027-01-01',
			allDay: true,
		});
	});

	test.each(['20260230', '20261201T240000', '20261301T000000', '0000', '2026-12-01', ''])(
		'%s is none',
		(value) => {
			expect(timesOf(`DTSTART:${value}`)).toMatchObject({ start: '', end: '', floating: false });
		},
	);
});

describe('Time zones', () => {
	const calendarOf = (name: string) => {
		const { head, readBody } = parseMail(readCorpus(`invitation/${name}`));
		const [attachment] = head.attachments;
		if (attachment === undefined) throw new Error('no part');
		const want = { attachments: [], partTexts: [{ attachment, maxBytes: 100_000 }] };
		const calendar = readComponents(readBody(want).partTexts?.[0]?.text ?? '');
		if (calendar === undefined) throw new Error('no calendar');
		return calendar;
	};

	test('of Windows are all known to this program', () => {
		const calendar = calendarOf('floating');
		const unknown = [...windowsZones].filter(([name]) => findZone(name, calendar) === undefined);
		expect(unknown).toEqual([]);
		expect(windowsZones.size).toBeGreaterThan(130);
	});

	const zoneIn = (name: string) => {
		const calendar = calendarOf(name);
		const [component] = calendar.children.filter((child) => child.name === 'VTIMEZONE');
		const described = component && readTimeZone(component);
		const known = findZone(name === 'google' ? 'America/New_York' : 'Europe/Berlin', calendar);
		if (described === undefined || known === undefined) throw new Error('not understood');
		return { described, known: known.offsetAt };
	};

	test.each(['outlook', 'google'])(
		'as %s describes them are what the world knows, at all times since 2008',
		(name) => {
			const { described, known } = zoneIn(name);
			const minute = fc.integer({ min: 20_000_000, max: 67_000_000 });
			fc.assert(
				fc.property(minute, (minutes) => {
					expect(described(minutes * 60_000)).toBe(known(minutes * 60_000));
				}),
				{ numRuns: 2_000 },
			);
		},
	);

	test('a time and its offset are the moment that was meant', () => {
		const zones = [...new Set(windowsZones.values()), 'Europe/Dublin', 'America/Caracas'];
		const calendar = calendarOf('floating');
		fc.assert(
			fc.property(
				fc.constantFrom(...zones),
				fc.integer({ min: 16_000_000, max: 67_000_000 }),
				(name, minutes) => {
					const zone = findZone(name, calendar);
					if (zone === undefined) throw new Error(name);
					const offsetMs = zone.offsetAt(minutes * 60_000);
					const localMs = minutes * 60_000 + offsetMs;
					const found = toOffsetMs(localMs, zone.offsetAt);
					// Where a clock shows a time twice, the first of both was meant.
					if (found !== offsetMs) expect(zone.offsetAt(localMs - found)).toBe(found);
					else {
						const iso = toIsoLocal(localMs) + toIsoOffset(offsetMs);
						expect(Date.parse(iso)).toBe(minutes * 60_000);
					}
				},
			),
			{ numRuns: 1_000 },
		);
	});
});

describe('For all calendars', () => {
	const word = fc.constantFrom(
		...['BEGIN:VCALENDAR', 'END:VCALENDAR', 'BEGIN:VEVENT', 'END:VEVENT', 'BEGIN:VTIMEZONE'],
		...['DTSTART', 'DTEND', ';TZID=', ':', ';', '20261201T100000', 'Z', 'DURATION:P1D', '"', ','],
		...['ATTENDEE', 'mailto:a@b.test', 'RRULE:FREQ=YEARLY', '\r\n', '\n ', '\\n', '\\', '%', '\0'],
		...['BEGIN:STANDARD', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:-2359', 'X-A', '9'.repeat(20)],
	);
	const lines = fc.oneof(
		fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
		fc.array(word, { maxLength: 60 }).map((words) => words.join('\r\n')),
		fc.string({ unit: 'binary' }),
	);

	test('what is read is of one line and bounded, and nothing is thrown', () => {
		fc.assert(
			fc.property(lines, (text) => {
				const event = readCalendarEvent(`BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n${text}`, false);
				const { summary = '', timeZone = '', attendees = [] } = event ?? {};
				const told = [
					summary,
					timeZone,
					...attendees.flatMap(({ name, address }) => [name, address]),
				];
				expect(told.join('')).not.toMatch(/[\r\n\0]/);
				for (const time of [event?.start ?? '', event?.end ?? '']) {
					expect(time).toMatch(/^(?:|\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?)?)$/);
				}
			}),
			{ numRuns: 2_000 },
		);
	});

	test.each([
		['lines', '\r\n'.repeat(250_000)],
		['continued lines', `SUMMARY:a${'\r\n x'.repeat(120_000)}`],
		['parameters', `DTSTART${';A=b'.repeat(120_000)}:20261201`],
		['lists in a parameter', `DTSTART;A=${'b,'.repeat(200_000)}:20261201`],
		['quotes', `DTSTART;A=${'"'.repeat(400_000)}`],
		['zones', 'BEGIN:VTIMEZONE\r\nTZID:x\r\nEND:VTIMEZONE\r\n'.repeat(10_000)],
		[
			'onsets',
			`BEGIN:VTIMEZONE\r\nTZID:x\r\n${'BEGIN:STANDARD\r\nEND:STANDARD\r\n'.repeat(10_000)}`,
		],
		['attendees', 'ATTENDEE:mailto:a@b.test\r\n'.repeat(20_000)],
		['escapes', `SUMMARY:${'\\'.repeat(400_000)}`],
	])('half a megabyte of %s takes no time', (_title, text) => {
		const start = performance.now();
		readCalendarEvent(`BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n${text}`, false);
		expect(performance.now() - start).toBeLessThan(BUDGET_MS);
	});
});
