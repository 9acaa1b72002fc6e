import encodeQR from "qr";
import { t } from "./words.ts";

const border = 4; // modules of quiet around the code, ISO/IEC 18004

/** A QR code, dark on light also where the page is dark: cameras read nothing else. */
export function QrCode({ text }: { text: string }) {
	const rows = encodeQR(text, "raw", { ecc: "medium", border });
	const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
	return (
		<svg
			className="account-qr"
			viewBox={`0 0 ${rows.length} ${rows.length}`}
			role="img"
			aria-label={t("qr")}
			shapeRendering="crispEdges"
		>
			<rect width={rows.length} height={rows.length} fill="#fff" />
			<path d={path} fill="#000" />
		</svg>
	);
}
