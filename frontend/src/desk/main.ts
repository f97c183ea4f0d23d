// The workspace's page beside the talk itself: the list by keyboard, dialogs, forms that show what is needed.

import { startContact } from "./contact.ts";
import { startList } from "./list.ts";
import { startMarks } from "./marks.ts";
import { startNarrow } from "./narrow.ts";
import { startPoints } from "./points.ts";
import { startSide } from "./side.ts";

startList();
startMarks();
startNarrow();
startPoints();
startSide();
startContact();
