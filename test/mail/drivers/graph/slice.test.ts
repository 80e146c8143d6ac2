import fc from 'fast-check';
import {
	readNextStart,
	type Slice,
	SLICE_BYTES,
	sliceFrom,
	toContentRange,
} from '../../../../mail/drivers/graph/slice';

const LARGEST = 150 * 1024 * 1024;

function cutUp(totalBytes: number): Slice[] {
	const slices: Slice[] = [];
	for (let start = 0; start < totalBytes;) {
		const slice = sliceFrom(start, totalBytes);
		slices.push(slice);
		start = slice.end;
	}
	return slices;
}

describe('the slices of a file', () => {
	it('are all of it, in order, each no larger than Microsoft takes', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: LARGEST }), (totalBytes) => {
				const slices = cutUp(totalBytes);
				expect(slices[0]?.start).toBe(0);
				expect(slices.at(-1)?.end).toBe(totalBytes);
				slices.forEach(({ start, end }, index) => {
					expect(end).toBeGreaterThan(start);
					expect(end - start).toBeLessThanOrEqual(4_000_000);
					expect(start).toBe(slices[index - 1]?.end ?? 0);
					// All but the last: multiples of 320 KiB.
					if (end < totalBytes) expect((end - start) % (320 * 1024)).toBe(0);
				});
			}),
		);
	});

	it('are written as RFC 9110 has it', () => {
		expect(toContentRange(sliceFrom(0, 10), 10)).toBe('bytes 0-9/10');
		const total = SLICE_BYTES + 5;
		expect(toContentRange(sliceFrom(SLICE_BYTES, total), total)).toBe(
			`bytes ${SLICE_BYTES}-${total - 1}/${total}`,
		);
	});
});

describe('where the server wants to go on', () => {
	it('is read in every form that Graph has for it', () => {
		fc.assert(
			fc.property(fc.nat(LARGEST), fc.constantFrom('', '-', '-7864319'), (start, tail) => {
				expect(readNextStart([`${start}${tail}`], LARGEST)).toBe(start);
			}),
		);
	});

	it('is the first of several places, and none that is no place in the file', () => {
		expect(readNextStart(['500-', '100-200'], 1000)).toBe(100);
		expect(readNextStart(['1001'], 1000)).toBeUndefined();
		expect(readNextStart(undefined, 1000)).toBeUndefined();
		fc.assert(
			fc.property(fc.array(fc.string()), (ranges) => {
				const start = readNextStart(ranges, 1000);
				expect(start === undefined || (start >= 0 && start <= 1000)).toBe(true);
			}),
		);
	});
});
