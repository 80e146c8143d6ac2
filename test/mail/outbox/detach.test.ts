import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { composeMessage } from '../../../mail/outbox';
import { toFitting } from '../../../mail/outbox/detach';
import type { OutgoingMessage } from '../../../mail/outgoing';
import { attachment, outgoingMessage } from '../../support/sending';

const room = { messageBytes: 300_000, fileBytes: 2_000_000 };
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('n8n-email-'));

const files = fc.array(
	fc.record({
		name: fc.constantFrom('a.bin', 'b.bin', 'c.bin', 'd.bin'),
		sizeBytes: fc.integer({ min: 1, max: 400_000 }),
		isInline: fc.boolean(),
	}),
	{ maxLength: 12 },
);

describe('the files that stay in a message', () => {
	it('fit, and those of one name stay or go together', () => {
		fc.assert(
			fc.property(files, fc.integer({ min: -1000, max: 2_000_000 }), (all, roomBytes) => {
				const fits = toFitting(all, roomBytes);
				const kept = all.filter((_file, index) => fits[index]);
				const gone = all.filter((_file, index) => !fits[index]);
				const encoded = kept.reduce((sum, { sizeBytes }) => sum + (sizeBytes * 78) / 57, 0);
				if (kept.length > 0) expect(encoded).toBeLessThanOrEqual(roomBytes);
				for (const { name } of gone) {
					expect(kept.some((one) => one.name === name)).toBe(false);
				}
			}),
		);
	});

	it('are all, where there is room', () => {
		fc.assert(
			fc.property(files, (all) => {
				expect(toFitting(all, 20_000_000)).toEqual(all.map(() => true));
			}),
		);
	});

	it('are inline images rather than files, and small ones rather than large ones', () => {
		const file = (name: string, sizeBytes: number, isInline = false) => ({
			name,
			sizeBytes,
			isInline,
		});
		const all = [file('logo', 90_000, true), file('small', 50_000), file('large', 60_000)];
		expect(toFitting(all, 220_000)).toEqual([true, true, false]);
		expect(toFitting(all, 150_000)).toEqual([true, false, false]);
	});
});

describe('a message with room for so much', () => {
	const compose = async (changes: Partial<OutgoingMessage>) =>
		await composeMessage(outgoingMessage(changes), room);

	it('never has more bytes than the room, and loses none of its files', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.integer({ min: 1, max: 300_000 }), { maxLength: 5 }),
				fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }),
				async (sizes, texts) => {
					const message = await compose({
						text: texts.join(' ') || 'text',
						bcc: [{ name: texts[0] ?? '', address: 'eve@example.test' }],
						attachments: sizes.map((size, index) =>
							attachment(Buffer.alloc(size, index + 65), { fileName: `${index}.bin` }),
						),
					});
					try {
						expect(message.copy.sizeBytes).toBeLessThanOrEqual(room.messageBytes);
						const parsed = await simpleParser(await buffer(message.copy.open()));
						const kept = parsed.attachments.map(({ filename, size }) => [filename, size]);
						const detached = (message.detached ?? []).map((one) => [one.fileName, one.sizeBytes]);
						expect([...kept, ...detached].sort()).toEqual(
							sizes.map((size, index) => [`${index}.bin`, size]).sort(),
						);
					} finally {
						await message.dispose();
					}
				},
			),
			{ numRuns: 25 },
		);
	});

	it('gives any piece of a detached file, and removes it in the end', async () => {
		const before = folders();
		const content = Buffer.from(Array.from({ length: 1_500_000 }, (_, n) => n % 251));
		const message = await compose({ attachments: [attachment(content)] });
		const [file] = message.detached ?? [];
		expect(file?.sizeBytes).toBe(content.length);
		const piece = file?.open(1_000_001, 1_400_000);
		expect(piece && (await buffer(piece)).equals(content.subarray(1_000_001, 1_400_000))).toBe(
			true,
		);
		await message.dispose();
		expect(folders().filter((name) => !before.includes(name))).toEqual([]);
	});

	it('is not made of a file that is too large, and leaves nothing behind', async () => {
		const before = folders();
		const large = attachment(Buffer.alloc(2_000_001), { fileName: 'film.mp4' });
		const small = attachment(Buffer.alloc(1_200_000));
		await expect(compose({ attachments: [small, large] })).rejects.toMatchObject({
			code: 'message.tooLarge',
			subject: expect.stringContaining('film.mp4') as string,
		});
		expect(folders().filter((name) => !before.includes(name))).toEqual([]);
	});
});
