/** The kubernetes plugin of the air gap; see README.md for what it does. */
import { version } from "@pulumi/kubernetes/package.json";
import { serve } from "../lib/plugin";
import { kubernetesPlugin } from "./plugin";
import { releaseKind } from "./release";

serve(kubernetesPlugin(version, releaseKind));
