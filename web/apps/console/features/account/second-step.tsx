import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { call } from "@postroom/api";
import { CliHint, cliCommand, ErrorBox } from "@postroom/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import "./account.css";
import { Passkeys } from "./passkeys.tsx";
import { RecoveryCodes, ShowCodes } from "./recovery.tsx";
import { Totp } from "./totp.tsx";

const queryKey = ["account", "second-step"];

/** What a sign-in asks for after the password: an app's code, a passkey, recovery codes. */
export default function SecondStep({ region }: { region: string }) {
	const factors = useQuery({ queryKey, queryFn: () => call("DescribeSecondFactors", {}) });
	const client = useQueryClient();
	const [codes, setCodes] = useState<readonly string[]>([]);
	const changed = async (fresh?: readonly string[]) => {
		if (fresh && fresh.length > 0) setCodes(fresh);
		await client.invalidateQueries({ queryKey });
	};
	if (factors.error && !factors.data) return <ErrorBox error={factors.error} again={() => void factors.refetch()} />;
	if (!factors.data) return <Spinner size="large" />;
	const any = (factors.data.SecondFactor?.length ?? 0) > 0;
	return (
		<SpaceBetween size="l">
			<Totp since={factors.data.TotpDate} on={factors.data.SecondFactor?.includes("TOTP") ?? false} changed={changed} />
			<Passkeys passkeys={factors.data.Passkeys ?? []} changed={changed} again={() => void factors.refetch()} />
			<RecoveryCodes left={any ? (factors.data.RecoveryCodesLeft ?? 0) : undefined} changed={changed} />
			<CliHint commands={[cliCommand(region, "DescribeSecondFactors", {})]} />
			{codes.length > 0 && <ShowCodes codes={codes} close={() => setCodes([])} />}
		</SpaceBetween>
	);
}
